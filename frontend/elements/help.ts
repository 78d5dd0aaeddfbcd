import { kbd, make } from "./make.ts";
import { printed } from "./printed.ts";
import { type Word, word } from "./words.ts";

const EVERYWHERE: [string, Word][] = [
  ["↑ ↓ ← →", "help_arrows"],
  ["↵", "help_enter"],
  ["{space}", "help_space"],
  ["⇧ ↵", "help_full"],
  ["⇧ ← →", "help_move"],
  ["M", "help_menu"],
  ["X", "help_select"],
  ["⇧ ↵", "help_sort"],
  ["Alt ← →", "help_column"],
  ["⇧ ← →", "help_width"],
  ["F6", "help_regions"],
  ["Esc", "help_dismiss"],
];

/** All keys of this screen, read from the elements that carry them. */
export function showHelp(keyed: Iterable<HTMLElement>): void {
  const rows = new Map<string, string>();
  for (const { dataset } of keyed) {
    if (dataset.keys && dataset.keysLabel && !rows.has(dataset.keys))
      rows.set(dataset.keys, dataset.keysLabel);
  }
  const list = make("dl", { class: "help-keys" });
  for (const [keys, label] of rows) list.append(row(keys.split(" ").map(printed), label));
  for (const [keys, label] of EVERYWHERE) list.append(row(keys.split(" ").map(named), word(label)));
  const title = make("h2", { id: "dialog-title" }, word("keys_title"));
  const close = make("button", { type: "button", class: "button", "data-close": "" }, word("close"));
  const fields = make("div", { class: "dialog-fields" }, list);
  document
    .getElementById("dialog")
    ?.replaceChildren(make("div", { class: "dialog-body" }, make("header", {}, title, close), fields));
  document.querySelector("piste-dialog")?.open();
}

/** The name on the key; the one key without a sign of its own has a word in each language. */
function named(key: string): string {
  return key === "{space}" ? word("key_space") : key;
}

function row(keys: string[], label: string): HTMLElement {
  return make("div", {}, make("dt", {}, label), make("dd", { class: "keys" }, ...keys.map(kbd)));
}
