/** [data-add-row]: a button that puts the next empty row of a form set behind the last one. */
import { mount } from "./mount.js";

mount("[data-add-row]", (button) => {
  const form = /** @type {HTMLFormElement} */ (button.closest("form"));
  const blank = /** @type {HTMLTemplateElement} */ (form.querySelector("template[data-row]"));
  const total = /** @type {HTMLInputElement} */ (form.querySelector('input[name$="-TOTAL_FORMS"]'));
  button.addEventListener("click", () => {
    const n = Number(total.value);
    const made = document.createElement("template");
    made.innerHTML = blank.innerHTML.replaceAll("__prefix__", String(n)).replaceAll("__number__", String(n + 1));
    form.querySelector("[data-lines]")?.append(made.content);
    total.value = String(n + 1);
    /** @type {HTMLElement | null} */ (form.querySelector(`[name$="-${n}-product"]`))?.focus();
  });
  button.hidden = false;
});
