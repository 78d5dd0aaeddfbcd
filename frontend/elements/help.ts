import type { PisteDialog } from "./piste-dialog.ts";
import { type Word, word } from "./words.ts";

const EVERYWHERE: [string, Word][] = [
  ["↑ ↓ ← →", "help_arrows"],
  ["↵", "help_enter"],
  ["Space", "help_space"],
  ["⇧ ↵", "help_full"],
  ["⇧ ← →", "help_move"],
  ["M", "help_menu"],
  ["X", "help_select"],
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
  const list = element("dl", "help-keys");
  for (const [keys, label] of rows) list.append(row(keys.split(" ").map(printed), label));
  for (const [keys, label] of EVERYWHERE) list.append(row(keys.split(" "), word(label)));
  const body = element("div", "dialog-body");
  const head = element("header");
  const title = element("h2", "", word("keys_title"));
  title.id = "dialog-title";
  const close = element("button", "button", word("close"));
  close.dataset.close = "";
  head.append(title, close);
  const fields = element("div", "dialog-fields");
  fields.append(list);
  body.append(head, fields);
  document.getElementById("dialog")?.replaceChildren(body);
  document.querySelector<PisteDialog>("piste-dialog")?.open();
}

function printed(keys: string): string {
  const parts = keys.split("+").map((key) => (key === "mod" ? "Ctrl" : key === "enter" ? "↵" : key));
  return parts.map((part) => part[0]?.toUpperCase() + part.slice(1)).join(" ");
}

function row(keys: string[], label: string): HTMLElement {
  const line = element("div");
  const term = element("dt", "", label);
  const value = element("dd", "keys");
  value.append(...keys.map((key) => element("kbd", "kbd", key)));
  line.append(term, value);
  return line;
}

function element(tag: string, name = "", text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
