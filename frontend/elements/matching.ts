import { icon } from "./icon.ts";
import { kbd, make } from "./make.ts";
import { printed } from "./printed.ts";

/** Letters without accents and case, so that "etape" finds "Étape"; one plain character for one accented one. */
export function folded(text: string): string {
  return [...text]
    .map((character) => character.normalize("NFD")[0] ?? "")
    .join("")
    .toLowerCase();
}

/** Whether every word typed begins a word of the text. */
export function matches(text: string, typed: string): boolean {
  const words = folded(text).split(/[^\p{L}\p{N}]+/u);
  return folded(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}

/** What is sought, and of which kind: `>` commands, `@` people, `#` tags, `?` help. */
export function asked(typed: string): { prefix: string; sought: string } {
  const [, prefix = "", sought = ""] = /^\s*([>@#?]?)(.*)$/s.exec(typed) ?? [];
  return { prefix, sought };
}

/** Which keys of the page the kind is about: the people and tags of the company are no keys. */
const OFFERED: Record<string, RegExp> = { "": /^[gcv] /, ">": /^[gcv] /, "?": /./ };

/** What the page itself can offer: what is gone to, created or shown by keys; asked for help, all its keys. */
export function localMatches(typed: string, page: Document): DocumentFragment {
  const found = page.createDocumentFragment();
  const seen = new Set<string>();
  const { prefix, sought } = asked(typed);
  for (const element of page.querySelectorAll<HTMLElement>("[data-keys][data-keys-label]")) {
    const { keys = "", keysLabel = "" } = element.dataset;
    if (seen.has(keysLabel) || !OFFERED[prefix]?.test(keys) || !matches(keysLabel, sought)) continue;
    seen.add(keysLabel);
    found.append(option(element, keys, keysLabel));
  }
  return found;
}

function option(element: HTMLElement, keys: string, label: string): HTMLElement {
  const drawn = element.querySelector(".icon")?.cloneNode(true) ?? icon("keyboard");
  const what = make("span", { class: "palette-what" }, make("span", {}, label));
  const shown = make("span", { class: "keys" }, ...keys.split(" ").map(printed).map(kbd));
  return make("div", { role: "option", "data-local": keys }, drawn, what, shown);
}

/** Underline where the text says what was typed. */
export function marked(option: HTMLElement, typed: string): void {
  const sought = folded(asked(typed).sought.trim());
  if (!sought) return;
  for (const place of option.querySelectorAll(".palette-what > span, .palette-what > small")) {
    const text = place.textContent ?? "";
    const at = folded(text).indexOf(sought);
    if (at < 0) continue;
    const [before, within, after] = cut(text, at, sought.length);
    place.replaceChildren(before, make("mark", {}, within), after);
    return;
  }
}

export function cut(text: string, at: number, length: number): [string, string, string] {
  const characters = [...text];
  const part = (from: number, to?: number) => characters.slice(from, to).join("");
  return [part(0, at), part(at, at + length), part(at + length)];
}
