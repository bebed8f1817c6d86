/** Toasts leave by themselves, wait while they are looked at, and stay when they report a failure. */
import { closest, mount } from "./mount.js";

const SECONDS = 6;
const SECONDS_WITH_UNDO = 10;

/** @param {HTMLElement} toast */
function start(toast) {
  if (toast.hasAttribute("data-stay")) return;
  const seconds = toast.querySelector("form") ? SECONDS_WITH_UNDO : SECONDS;
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => leave(toast), seconds * 1000);
  };
  const hold = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, wait);
  wait();
}

/** @param {Element} toast */
function leave(toast) {
  toast.classList.add("leaving");
  window.setTimeout(() => toast.remove(), 150);
}

mount("[data-toast]", start);


document.addEventListener("click", (event) => {
  const toast = closest(event, "[data-toast]");
  if (toast && closest(event, "[data-dismiss]")) leave(toast);
});

document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  const toast = sourceElement.closest("[data-toast]");
  if (toast && response && response.status < 400) toast.remove();
});
