/**
 * Draws <figure data-chart> from the JSON in its <script type="application/json"> into its .canvas.
 * The table beside it is the same truth in words; without JavaScript it is all there is.
 */
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { color } from "./chart-colors.js";
import { options } from "./chart-options.js";
import { mount } from "./mount.js";

use([BarChart, LineChart, CustomChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

mount("figure[data-chart]", (figure) => {
  const canvas = /** @type {HTMLElement | null} */ (figure.querySelector(".canvas"));
  const source = figure.querySelector('script[type="application/json"]');
  if (!canvas || !source) return;
  const label = canvas.getAttribute("aria-label");
  const chart = init(canvas, null, { renderer: "canvas" });
  const page = () => ({ lang: document.documentElement.lang, font: getComputedStyle(document.documentElement).fontFamily });
  const draw = () => {
    const data = JSON.parse(source.textContent ?? "{}");
    chart.setOption(/** @type {any} */ (options(data, (token) => color(canvas, token), page())), true);
    if (label) canvas.setAttribute("aria-label", label);
  };
  draw();
  const resizer = new ResizeObserver(() => chart.resize());
  resizer.observe(canvas);
  document.addEventListener("theme:changed", draw);
  new MutationObserver(draw).observe(source, { characterData: true, childList: true, subtree: true });
});
