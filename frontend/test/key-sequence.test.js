import assert from "node:assert/strict";
import { test } from "node:test";
import { keyName, sequences } from "../js/key-sequence.js";

const KNOWN = ["g p", "g b", "/", "c"];

test("a letter is the same on a Latin and on a Russian layout", () => {
  assert.equal(keyName({ key: "p", code: "KeyP" }), "p");
  assert.equal(keyName({ key: "з", code: "KeyP" }), "p");
  assert.equal(keyName({ key: ".", code: "Slash" }), "/");
});

test("control and command are one modifier", () => {
  assert.equal(keyName({ key: "k", code: "KeyK", ctrlKey: true }), "mod+k");
  assert.equal(keyName({ key: "л", code: "KeyK", metaKey: true }), "mod+k");
});

test("a sequence completes on its last key", () => {
  const typed = sequences(1000);

  assert.equal(typed.press("g", KNOWN, 0), null);
  assert.equal(typed.press("p", KNOWN, 300), "g p");
});

test("a sequence is forgotten when the next key comes late", () => {
  const typed = sequences(1000);

  typed.press("g", KNOWN, 0);

  assert.equal(typed.press("p", KNOWN, 2000), null);
});

test("a wrong second key still counts for itself", () => {
  const typed = sequences(1000);

  typed.press("g", KNOWN, 0);

  assert.equal(typed.press("c", KNOWN, 100), "c");
});
