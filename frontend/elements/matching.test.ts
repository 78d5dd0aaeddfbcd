import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, folded, matches } from "./matching.ts";

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
