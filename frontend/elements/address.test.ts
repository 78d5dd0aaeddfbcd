import assert from "node:assert/strict";
import { test } from "node:test";
import { withFilter, withoutPanel } from "./address.ts";

test("adds a filter to those there are", () => {
  const url = withFilter("/opportunities/", "view=list&w=stage~is~2", ["amount", "gt", "4000"]);

  assert.equal(url, "/opportunities/?view=list&w=stage%7Eis%7E2&w=amount%7Egt%7E4000");
});

test("does not add the same filter twice", () => {
  assert.equal(withFilter("/x/", "w=a~is~1", ["a", "is", "1"]), "/x/?w=a%7Eis%7E1");
});

test("starts at the first page again", () => {
  assert.equal(withFilter("/x/", "after=80&panel=3", ["a", "is", "1"]), "/x/?w=a%7Eis%7E1");
});

test("reads an address without its panel", () => {
  assert.equal(withoutPanel("http://piste.example/x/?view=board&panel=17"), "/x/?view=board");
});
