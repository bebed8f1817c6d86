/** table[data-rows]: up and down (or k and j) walk the rows by the first link of each. */
import { keyName } from "./key-sequence.js";
import { closest } from "./mount.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

document.addEventListener("keydown", (event) => {
  const table = closest(event, "table[data-rows]");
  const by = STEPS[keyName(event)];
  if (!table || !by || !closest(event, "tbody tr a")) return;
  const links = /** @type {HTMLElement[]} */ ([...table.querySelectorAll("tbody tr a:first-of-type")]);
  const rows = [...table.querySelectorAll("tbody tr")].map((row) => links.find((link) => row.contains(link)));
  const at = rows.findIndex((link) => link?.closest("tr") === closest(event, "tr"));
  const next = rows[at + by];
  if (!next) return;
  next.focus();
  event.preventDefault();
});
