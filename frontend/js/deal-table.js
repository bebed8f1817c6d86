/** The table of deals: select all, a bar for what is selected, and a cell that Escape closes. */
import htmx from "htmx.org";
import { closest, mount } from "./mount.js";

mount("[data-cell-form]", (form) => /** @type {HTMLElement | null} */ (form.querySelector('[name="value"]'))?.focus());

document.addEventListener("change", (event) => {
  const all = /** @type {HTMLInputElement | null} */ (closest(event, "[data-select-all]"));
  if (!all) return;
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`${all.dataset.selectAll} tbody input[name="deal"]`));
  for (const box of boxes) box.checked = all.checked;
});

document.addEventListener("keydown", (event) => {
  const form = closest(event, "[data-cell-form]");
  if (form && event.key === "Escape") close(form, event);
});

document.addEventListener("click", (event) => {
  const form = closest(event, "[data-cell-form]");
  if (form && closest(event, "[data-cancel]")) close(form, event);
});

/** What stood in each cell before it was asked for. @type {WeakMap<Element, string>} */
const before = new WeakMap();

document.addEventListener("htmx:before:swap", () => {
  for (const slot of document.querySelectorAll(".cell-slot:not(:has([data-cell-form]))")) before.set(slot, slot.innerHTML ?? "");
});

/**
 * Put back what stood in the cell, and the focus on it.
 *
 * @param {Element} form
 * @param {Event} event
 */
function close(form, event) {
  const slot = form.closest(".cell-slot");
  const was = slot ? before.get(slot) : undefined;
  if (!slot || was === undefined) return;
  event.preventDefault();
  slot.innerHTML = was;
  htmx.process(slot);
  /** @type {HTMLElement | null} */ (slot.querySelector(".cell"))?.focus();
}
