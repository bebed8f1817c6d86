/**
 * Dragging cards between lists. It knows nothing but data attributes:
 * data-board, data-drop="stage|zone" with data-value on each list, data-card with data-move-url.
 */
import htmx from "htmx.org";
import Sortable from "sortablejs";
import { mount } from "./mount.js";

mount("[data-board] [data-drop]", (list) => {
  const isZone = list.dataset.drop === "zone";
  Sortable.create(list, {
    group: { name: "board", pull: !isZone },
    draggable: "[data-card]",
    filter: "[data-move], [data-fixed]",
    preventOnFilter: false,
    sort: false,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    delay: 200,
    delayOnTouchOnly: true,
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 4,
    ghostClass: "is-ghost",
    fallbackClass: "is-held",
    scrollSensitivity: 64,
    onStart: () => document.documentElement.classList.add("is-holding"),
    onEnd: ({ item, from, to, oldIndex }) => {
      document.documentElement.classList.remove("is-holding");
      document.dispatchEvent(new CustomEvent("board:released"));
      if (from !== to) send(item, to, { list: from, index: oldIndex ?? 0 });
    },
  });
});

/**
 * Ask the server to move a card; put it back if the server refuses or does not answer.
 *
 * @param {HTMLElement} card
 * @param {HTMLElement} to The list or zone it is dropped on.
 * @param {{ list: HTMLElement, index: number }} home Where it came from.
 * @returns {Promise<boolean>} Whether it was moved.
 */
export async function send(card, to, home) {
  const values = { [to.dataset.drop ?? ""]: to.dataset.value ?? "", seen: home.list.dataset.value ?? "" };
  let isMoved = false;
  const listen = new AbortController();
  const judge = (/** @type {any} */ event) => {
    isMoved = (event.detail.ctx?.response?.status ?? 500) < 400;
    if (!isMoved) putBack(card, home);
  };
  card.addEventListener("htmx:after:request", judge, listen);
  card.addEventListener("htmx:error", judge, listen);
  card.classList.add("is-sending");
  try {
    const target = /** @type {Element} */ (home.list.closest("[data-board]"));
    await htmx.ajax("POST", card.dataset.moveUrl ?? "", { source: card, target, swap: "none", values });
  } finally {
    listen.abort();
    card.classList.remove("is-sending");
  }
  return isMoved;
}

/**
 * @param {HTMLElement} card
 * @param {{ list: HTMLElement, index: number }} home
 */
function putBack(card, { list, index }) {
  const cards = [...list.querySelectorAll(":scope > [data-card]")].filter((one) => one !== card);
  list.insertBefore(card, cards[index] ?? null);
}
