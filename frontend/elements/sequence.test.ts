import assert from "node:assert/strict";
import { test } from "node:test";
import { isCharacter, keyName, Sequence } from "./sequence.ts";

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const known = new Set(["g p", "g k", "c o", "mod+k", "?", "p"]);

test("names a key held with Ctrl or Command alike", () => {
  assert.equal(keyName({ ...plain, key: "K", ctrlKey: true }), "mod+k");
  assert.equal(keyName({ ...plain, key: "k", metaKey: true }), "mod+k");
});

test("names a shifted character by the character alone", () => {
  assert.equal(keyName({ ...plain, key: "?", shiftKey: true }), "?");
});

test("tells a shifted letter from the letter", () => {
  assert.equal(keyName({ ...plain, key: "C", shiftKey: true }), "shift+c");
  assert.equal(keyName({ ...plain, key: "C" }), "c");
});

test("names shift with a key that has no character", () => {
  assert.equal(keyName({ ...plain, key: "ArrowRight", shiftKey: true }), "shift+arrowright");
  assert.equal(keyName({ ...plain, key: "Escape" }), "esc");
});

test("leaves Alt to the keyboard layout", () => {
  assert.equal(keyName({ ...plain, key: "@", altKey: true }), "");
});

test("tells characters from commands", () => {
  assert.equal(isCharacter("g"), true);
  assert.equal(isCharacter("shift+c"), true);
  assert.equal(isCharacter("mod+k"), false);
  assert.equal(isCharacter("shift+f6"), false);
});

test("completes two keys one after the other", () => {
  const sequence = new Sequence();

  assert.equal(sequence.press("g", known, 0), "");
  assert.equal(sequence.press("p", known, 300), "g p");
});

test("forgets the first key after a while", () => {
  const sequence = new Sequence();

  sequence.press("g", known, 0);

  assert.equal(sequence.press("k", known, 5000), undefined);
});

test("takes a key that does not continue as a new beginning", () => {
  const sequence = new Sequence();

  sequence.press("g", known, 0);

  assert.equal(sequence.press("c", known, 100), "");
  assert.equal(sequence.press("o", known, 200), "c o");
});
