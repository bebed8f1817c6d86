/** .upload: a file field one can drop on; says the name and size of what was chosen. */
import { mount } from "./mount.js";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** @param {number} bytes */
function size(bytes) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const style = { style: "unit", unit: UNITS[step], maximumFractionDigits: 1 };
  return (bytes / 1000 ** step).toLocaleString(document.documentElement.lang, /** @type {Intl.NumberFormatOptions} */ (style));
}

mount(".upload", (box) => {
  const input = /** @type {HTMLInputElement} */ (box.querySelector('input[type="file"]'));
  const chosen = box.querySelector(".chosen");
  input.addEventListener("change", () => {
    if (chosen) chosen.textContent = [...(input.files ?? [])].map((file) => `${file.name}, ${size(file.size)}`).join("; ");
  });
  for (const name of ["dragenter", "dragover"]) input.addEventListener(name, () => box.classList.add("target"));
  for (const name of ["dragleave", "drop"]) input.addEventListener(name, () => box.classList.remove("target"));
});
