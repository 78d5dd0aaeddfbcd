import { kbd, make } from "./make.ts";

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

/** What the page itself can offer: everything that is gone to, created or shown by keys. */
export function localMatches(typed: string, page: Document): DocumentFragment {
  const found = page.createDocumentFragment();
  const seen = new Set<string>();
  for (const element of page.querySelectorAll<HTMLElement>("[data-keys][data-keys-label]")) {
    const { keys = "", keysLabel = "" } = element.dataset;
    if (seen.has(keysLabel) || !/^[gcv] /.test(keys) || !matches(keysLabel, typed)) continue;
    seen.add(keysLabel);
    found.append(option(element, keys, keysLabel));
  }
  return found;
}

function option(element: HTMLElement, keys: string, label: string): HTMLElement {
  const icon = element.querySelector(".icon")?.cloneNode(true);
  const what = make("span", { class: "palette-what" }, make("span", {}, label));
  const shown = make("span", { class: "keys" }, ...keys.toUpperCase().split(" ").map(kbd));
  return make("div", { role: "option", "data-local": keys }, ...(icon ? [icon] : []), what, shown);
}

/** Underline where the text says what was typed. */
export function marked(option: HTMLElement, typed: string): void {
  const sought = folded(typed.trim());
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
