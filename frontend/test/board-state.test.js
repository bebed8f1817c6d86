import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, isHome, neighbour, say, step } from "../js/board-state.js";

test("a held card stops at the ends of the board", () => {
  const move = begin(1, 3);

  assert.equal(step(step(move, -1), -1).at, 0);
  assert.equal(step(step(move, 1), 1).at, 2);
  assert.ok(isHome(step(step(move, 1), -1)));
});

test("left and right skip empty columns and keep the row where they can", () => {
  assert.deepEqual(neighbour([3, 0, 2], { column: 0, row: 2 }, "ArrowRight"), { column: 2, row: 1 });
  assert.deepEqual(neighbour([3, 0, 2], { column: 2, row: 1 }, "ArrowLeft"), { column: 0, row: 1 });
});

test("the last column with cards is the edge", () => {
  assert.deepEqual(neighbour([3, 0], { column: 0, row: 1 }, "ArrowRight"), { column: 0, row: 1 });
});

test("up and down stay in the column", () => {
  assert.deepEqual(neighbour([2], { column: 0, row: 1 }, "ArrowDown"), { column: 0, row: 1 });
  assert.deepEqual(neighbour([2], { column: 0, row: 1 }, "ArrowUp"), { column: 0, row: 0 });
  assert.deepEqual(neighbour([9], { column: 0, row: 4 }, "End"), { column: 0, row: 8 });
});

test("a sentence is filled by name", () => {
  assert.equal(say("Move to {name}, {at} of {n}.", { name: "Won", at: 8, n: 10 }), "Move to Won, 8 of 10.");
});
