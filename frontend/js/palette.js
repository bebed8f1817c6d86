/** The command palette: a combobox over the page's actions and what the server's search brings. */
import { mount } from "./mount.js";

mount("dialog.palette", (/** @type {HTMLDialogElement} */ dialog) => {
  const input = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  const nothing = dialog.querySelector(".nothing");
  const options = () => /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll('[role="option"]:not([hidden])')]);
  let at = 0;

  const select = (/** @type {number} */ to) => {
    const all = options();
    at = all.length ? (to + all.length) % all.length : 0;
    dialog.querySelectorAll('[aria-selected="true"]').forEach((one) => one.setAttribute("aria-selected", "false"));
    all[at]?.setAttribute("aria-selected", "true");
    all[at]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[at]?.id ?? "");
    nothing?.toggleAttribute("hidden", all.length > 0);
  };

  const filter = () => {
    const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const action of dialog.querySelectorAll("[data-action]")) {
      const text = (action.textContent ?? "").toLocaleLowerCase();
      action.toggleAttribute("hidden", !words.every((word) => text.includes(word)));
    }
    select(0);
  };

  input.addEventListener("input", filter);
  dialog.addEventListener("htmx:after:swap", () => select(0));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") select(at + 1);
    else if (event.key === "ArrowUp") select(at - 1);
    else if (event.key === "Enter") options()[at]?.click();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    const action = event.target instanceof Element && event.target.closest("[data-action]");
    const goal = action && document.getElementById(action.getAttribute("data-action") ?? "");
    if (!goal) return;
    dialog.close();
    goal.click();
  });
  dialog.addEventListener("close", () => {
    input.value = "";
    filter();
  });
  filter();
});
