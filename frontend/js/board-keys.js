/** The board by keyboard: arrows walk, m takes a card, left and right choose, Enter drops, Escape cancels. */
import { send } from "./board.js";
import { begin, isHome, neighbour, say, step } from "./board-state.js";
import { keyName } from "./key-sequence.js";
import { closest, mount } from "./mount.js";

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];

mount("[data-board]", (board) => {
  const voice = /** @type {HTMLElement} */ (board.querySelector("[data-voice]"));
  /** @type {{ card: HTMLElement, lists: HTMLElement[], move: import("./board-state.js").Move } | null} */
  let held = null;

  const lists = () => /** @type {HTMLElement[]} */ ([...board.querySelectorAll("[data-drop]")]);
  const cardsOf = (/** @type {HTMLElement} */ list) => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(":scope > [data-card]")]);
  const handle = (/** @type {Element | undefined} */ card) => /** @type {HTMLElement | null} */ (card?.querySelector("[data-handle]") ?? null);
  const speak = (/** @type {string | undefined} */ sentence, values = {}) => (voice.textContent = say(sentence ?? "", values));

  /** One stop for Tab in the whole board, and it stays where the reader was. */
  const settle = (/** @type {HTMLElement[]} */ stops, current = stops.find((one) => one.tabIndex === 0) ?? stops[0]) => {
    for (const one of stops) one.tabIndex = one === current ? 0 : -1;
  };
  const handles = () => /** @type {HTMLElement[]} */ ([...board.querySelectorAll("[data-handle]")]);

  const walk = (/** @type {HTMLElement} */ card, /** @type {string} */ key) => {
    const grid = lists().map(cardsOf);
    const column = grid.findIndex((cards) => cards.includes(card));
    const to = neighbour(grid.map((cards) => cards.length), { column, row: grid[column].indexOf(card) }, key);
    const next = handle(grid[to.column][to.row]);
    settle(handles(), next ?? undefined);
    next?.focus();
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const show = () => {
    lists().forEach((list, index) => {
      const isTarget = index === held?.move.at;
      (list.closest(".column") ?? list).classList.toggle("target", isTarget && index !== held?.move.home);
      if (isTarget) (list.closest(".column")?.querySelector("header") ?? list).scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    document.documentElement.classList.toggle("is-holding", held !== null);
    board.querySelectorAll(".is-moving").forEach((one) => one.classList.remove("is-moving"));
    held?.card.classList.add("is-moving");
  };

  const take = (/** @type {HTMLElement} */ card) => {
    const all = lists();
    const home = all.indexOf(/** @type {HTMLElement} */ (card.parentElement));
    held = { card, lists: all, move: begin(home, all.length) };
    speak(board.dataset.sayTaken, { title: card.dataset.title ?? "" });
    show();
  };

  const choose = (/** @type {number} */ by) => {
    if (!held) return;
    held.move = step(held.move, by);
    speak(board.dataset.sayChoose, { name: held.lists[held.move.at].dataset.name ?? "", at: held.move.at + 1, n: held.move.n });
    show();
  };

  const release = () => {
    held = null;
    show();
    document.dispatchEvent(new CustomEvent("board:released"));
  };

  const drop = async () => {
    if (!held) return;
    const { card, lists: all, move } = held;
    release();
    if (isHome(move)) return;
    const home = all[move.home];
    const index = cardsOf(home).indexOf(card);
    await send(card, all[move.at], { list: home, index });
    const back = document.getElementById(card.id) ?? cardsOf(home)[Math.min(index, cardsOf(home).length - 1)];
    handle(back)?.focus();
  };

  board.addEventListener("keydown", (event) => {
    const card = closest(event, "[data-card]");
    if (!card || !closest(event, "[data-handle]")) return;
    const name = keyName(event);
    if (held) {
      if (name === "ArrowLeft" || name === "ArrowRight") choose(name === "ArrowLeft" ? -1 : 1);
      else if (name === "Enter" || name === " ") drop();
      else if (name === "Escape" || name === "Tab") {
        release();
        speak(board.dataset.sayCancelled);
      }
    } else if (ARROWS.includes(name)) walk(card, name);
    else if (name === "m") take(card);
    else return;
    if (name !== "Tab") event.preventDefault();
  });

  board.addEventListener("focusin", (event) => {
    const stop = closest(event, "[data-handle]");
    if (stop) settle(handles(), stop);
  });
  board.addEventListener("htmx:after:process", () => settle(handles()));
  settle(handles());
});
