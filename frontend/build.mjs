// Bundles the interface into the package's static folder: `node build.mjs [--watch]`.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const outdir = here("../src/penstock/web/static/penstock/dist");

/** @type {esbuild.BuildOptions} */
const options = {
  entryPoints: [here("js/app.js"), here("js/charts.js"), here("css/app.css")],
  outdir,
  entryNames: "[name]",
  bundle: true,
  format: "esm",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  minify: true,
  sourcemap: true,
  legalComments: "linked",
  logLevel: "info",
  absWorkingDir: here("."),
};

await rm(outdir, { recursive: true, force: true });
if (process.argv.includes("--watch")) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
