/** <dialog data-open-now> from the server opens; data-opens="id" opens one on the page; data-close closes. */
import { closest, mount } from "./mount.js";

mount("dialog[data-open-now]", (/** @type {HTMLDialogElement} */ dialog) => {
  if (!dialog.open) dialog.showModal();
  const fields = "input:not([type=hidden]), select, textarea";
  const first = dialog.querySelector(`.invalid :is(${fields})`) ?? dialog.querySelector(fields);
  if (first instanceof HTMLElement) first.focus();
});

document.addEventListener("click", (event) => {
  const opener = closest(event, "[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens ?? "");
    if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
    return;
  }
  const dialog = /** @type {HTMLDialogElement | null} */ (closest(event, "dialog"));
  if (dialog && (event.target === dialog || closest(event, "[data-close]"))) dialog.close();
});

/* A form in a dialog that was accepted has done its work. */
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response, request } = event.detail.ctx;
  const isDone = response && response.status < 400 && request.method !== "GET";
  if (isDone && sourceElement.matches("form")) sourceElement.closest("dialog")?.close();
});
