/** input[data-mirrors="id"]: a slider that is another hand for a number field; the field alone is sent. */
import { mount } from "./mount.js";

mount("input[data-mirrors]", (slider) => {
  const input = /** @type {HTMLInputElement} */ (slider);
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(input.dataset.mirrors ?? ""));
  if (!field) return;
  input.addEventListener("input", () => (field.value = input.value));
  field.addEventListener("input", () => (input.value = field.value || "0"));
});
