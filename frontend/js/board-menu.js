/** "Move…" on a card opens the board's one dialog of goals: for touch, screen readers and long boards. */
import { send } from "./board.js";
import { say } from "./board-state.js";
import { closest } from "./mount.js";

document.addEventListener("click", (event) => {
  const opener = closest(event, "[data-move]");
  const card = opener?.closest("[data-card]");
  const dialog = opener?.closest("[data-board]")?.querySelector("dialog[data-goals]");
  if (!(card instanceof HTMLElement) || !(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  const title = dialog.querySelector("[data-say]");
  if (title) title.textContent = say(title.getAttribute("data-say") ?? "", { title: card.dataset.title ?? "" });
  const home = /** @type {HTMLElement} */ (card.parentElement);
  for (const goal of /** @type {NodeListOf<HTMLButtonElement>} */ (dialog.querySelectorAll("[data-goal]"))) {
    goal.disabled = goal.dataset.goal === home.dataset.drop && goal.value === home.dataset.value;
    goal.onclick = () => {
      const to = dialog.closest("[data-board]")?.querySelector(`[data-drop="${goal.dataset.goal}"][data-value="${goal.value}"]`);
      dialog.close();
      if (to instanceof HTMLElement) send(card, to, { list: home, index: [...home.children].indexOf(card) });
    };
  }
  dialog.showModal();
});
