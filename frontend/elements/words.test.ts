import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "./words.ts";

test("puts values into their places", () => {
  assert.equal(fill("{card} moved to {lane}", { card: "Audit", lane: "Won" }), "Audit moved to Won");
});

test("leaves a place without a value as it is", () => {
  assert.equal(fill("{count} selected", {}), "{count} selected");
});
