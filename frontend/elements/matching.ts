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

/** What the page itself can offer: its entries of the navigation and everything that has keys. */
export function localMatches(typed: string, page: Document): DocumentFragment {
  const found = page.createDocumentFragment();
  const group = page.createElement("div");
  group.setAttribute("role", "group");
  const seen = new Set<string>();
  for (const element of page.querySelectorAll<HTMLElement>("[data-keys][data-keys-label]")) {
    const { keys = "", keysLabel = "" } = element.dataset;
    if (seen.has(keysLabel) || !/^[gcv] /.test(keys) || !matches(keysLabel, typed)) continue;
    seen.add(keysLabel);
    group.append(option(page, element, keys, keysLabel));
  }
  if (seen.size) found.append(group);
  return found;
}

function option(page: Document, element: HTMLElement, keys: string, label: string): HTMLElement {
  const made = page.createElement("div");
  made.setAttribute("role", "option");
  made.dataset.local = keys;
  const icon = element.querySelector(".icon")?.cloneNode(true);
  const what = page.createElement("span");
  what.className = "palette-what";
  what.append(Object.assign(page.createElement("span"), { textContent: label }));
  const shown = page.createElement("span");
  shown.className = "keys";
  shown.append(
    ...keys
      .split(" ")
      .map((key) =>
        Object.assign(page.createElement("kbd"), { className: "kbd", textContent: key.toUpperCase() }),
      ),
  );
  made.append(...(icon ? [icon] : []), what, shown);
  return made;
}

/** Underline where the text says what was typed. */
export function marked(option: HTMLElement, typed: string): void {
  const sought = folded(typed.trim());
  if (!sought) return;
  for (const place of option.querySelectorAll(".palette-what > span, .palette-what > small")) {
    const text = place.textContent ?? "";
    const at = folded(text).indexOf(sought);
    if (at < 0) continue;
    const mark = place.ownerDocument.createElement("mark");
    const [before, within, after] = cut(text, at, sought.length);
    mark.textContent = within;
    place.replaceChildren(before, mark, after);
    return;
  }
}

export function cut(text: string, at: number, length: number): [string, string, string] {
  const characters = [...text];
  const part = (from: number, to?: number) => characters.slice(from, to).join("");
  return [part(0, at), part(at, at + length), part(at + length)];
}
