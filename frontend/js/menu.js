/** Menus and definitions are <details>: one is open at a time, Escape and a click outside close it. */
import { closest } from "./mount.js";

const OPEN = "details:is(.menu, .definition)[open]";

/** @param {Node | null} [except] */
function closeAll(except) {
  for (const details of document.querySelectorAll(OPEN)) {
    if (!except || !details.contains(except)) details.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => closeAll(/** @type {Node} */ (event.target)));

document.addEventListener("keydown", (event) => {
  const details = closest(event, OPEN);
  if (!details) return;
  if (event.key === "Escape") {
    details.removeAttribute("open");
    details.querySelector("summary")?.focus();
    event.stopPropagation();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(details, event);
});

/**
 * @param {HTMLElement} details
 * @param {KeyboardEvent} event
 */
function walk(details, event) {
  const items = /** @type {HTMLElement[]} */ ([...details.querySelectorAll(".item")]);
  if (!items.length) return;
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length].focus();
  event.preventDefault();
}

/** The menu that is open when its answer arrives: details[data-stays] of it stay open. @type {string | undefined} */
let staying;

document.addEventListener("htmx:before:swap", () => {
  staying = document.querySelector("details[data-stays][open]")?.id;
});

document.addEventListener("htmx:after:swap", () => {
  if (staying) document.getElementById(staying)?.setAttribute("open", "");
});
