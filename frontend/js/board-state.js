/**
 * Where a card that is moved by keyboard would land. Plain values, no page.
 *
 * @typedef {{ home: number, at: number, n: number }} Move
 */

/**
 * @param {number} home Index of the list the card lies in.
 * @param {number} n How many lists and zones there are.
 * @returns {Move}
 */
export const begin = (home, n) => ({ home, at: home, n });

/**
 * @param {Move} move
 * @param {number} by
 * @returns {Move}
 */
export const step = (move, by) => ({ ...move, at: Math.min(move.n - 1, Math.max(0, move.at + by)) });

/** @param {Move} move */
export const isHome = (move) => move.at === move.home;

/**
 * The neighbour an arrow key leads to.
 *
 * @param {number[]} sizes Cards per column.
 * @param {{ column: number, row: number }} at
 * @param {string} key
 * @returns {{ column: number, row: number }}
 */
export function neighbour(sizes, { column, row }, key) {
  if (key === "ArrowUp") return { column, row: Math.max(0, row - 1) };
  if (key === "ArrowDown") return { column, row: Math.min(sizes[column] - 1, row + 1) };
  if (key === "Home") return { column, row: 0 };
  if (key === "End") return { column, row: sizes[column] - 1 };
  const by = key === "ArrowLeft" ? -1 : 1;
  let to = column + by;
  while (to >= 0 && to < sizes.length && sizes[to] === 0) to += by;
  return sizes[to] ? { column: to, row: Math.min(row, sizes[to] - 1) } : { column, row };
}

/**
 * Fill a sentence such as "Move to {name}, {at} of {n}."
 *
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
export const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
