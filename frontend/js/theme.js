/** Buttons with data-set-theme="light|dark|auto"; the cookie lets the server draw the right page at once. */

const root = document.documentElement;
const YEAR = 365 * 24 * 3600;

/** @param {string} theme */
function apply(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-set-theme") === theme));
  }
  document.dispatchEvent(new CustomEvent("theme:changed"));
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-set-theme]");
  if (!button) return;
  const theme = button.getAttribute("data-set-theme") ?? "auto";
  document.cookie = `theme=${theme};path=/;max-age=${YEAR};samesite=lax`;
  localStorage.setItem("theme", theme);
  apply(theme);
});

window.addEventListener("storage", ({ key, newValue }) => {
  if (key === "theme" && newValue) apply(newValue);
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("theme:changed"));
});

apply(root.dataset.theme ?? "auto");
