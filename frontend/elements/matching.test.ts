import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, cut, folded, matches } from "./matching.ts";
import { printed } from "./printed.ts";

test("finds without accents and case", () => {
  assert.equal(folded("Étape"), "etape");
  assert.ok(matches("Équipe Bretagne", "bret equ"));
});

test("finds beginnings of words only", () => {
  assert.ok(!matches("Équipe Bretagne", "quipe"));
});

test("finds everything when nothing is typed", () => {
  assert.ok(matches("Pipeline", ""));
});

test("cuts accented text where the plain text matched", () => {
  assert.deepEqual(cut("Équipe", 0, 3), ["", "Équ", "ipe"]);
});

test("takes the first character for the kind that is sought", () => {
  assert.deepEqual(asked("> won"), { prefix: ">", sought: " won" });
  assert.deepEqual(asked("@anna"), { prefix: "@", sought: "anna" });
  assert.deepEqual(asked("#"), { prefix: "#", sought: "" });
  assert.deepEqual(asked("?"), { prefix: "?", sought: "" });
});

test("takes a sign further on for what it is", () => {
  assert.deepEqual(asked("anna@example.com"), { prefix: "", sought: "anna@example.com" });
});

test("prints keys as they stand on the keyboard", () => {
  assert.equal(printed("mod+enter"), "Ctrl ↵");
  assert.equal(printed("shift+c"), "⇧ C");
  assert.equal(printed("/"), "/");
});
