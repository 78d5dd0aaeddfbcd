import { make } from "./make.ts";
import { place } from "./piste-menu.ts";
import { word } from "./words.ts";

export interface Found {
  id: string | number;
  text: string;
  note?: string;
}

/** The list under a combobox: shows what was found, and which of it the arrows are on. */
export class Choices {
  readonly list: HTMLElement;
  #input: HTMLInputElement;
  #found: Found[] = [];
  #at = -1;

  constructor(input: HTMLInputElement, id: string) {
    this.#input = input;
    this.list = make("div", { id, class: "lookup-list", role: "listbox", popover: "manual" });
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
    })) {
      input.setAttribute(name, value);
    }
  }

  get open(): boolean {
    return this.list.matches(":popover-open");
  }

  get current(): Found | undefined {
    return this.#found[this.#at];
  }

  at(index: string | undefined): Found | undefined {
    return index === undefined ? undefined : this.#found[Number(index)];
  }

  show(found: Found[]): void {
    this.#found = found;
    this.#at = found.length ? 0 : -1;
    this.#draw();
    this.list.style.minInlineSize = `${this.#input.offsetWidth}px`;
    if (!this.open) this.list.showPopover();
    this.#input.setAttribute("aria-expanded", "true");
    place(this.list, this.#input);
  }

  hide(): void {
    if (this.open) this.list.hidePopover();
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  move(step: 1 | -1): void {
    if (!this.#found.length) return;
    this.#at = (this.#at + step + this.#found.length) % this.#found.length;
    this.#draw();
  }

  #draw(): void {
    const options = this.#found.map((found, index) => this.#option(found, index));
    const nothing = make("p", { role: "option", "aria-disabled": "true" }, word("nothing_found"));
    this.list.replaceChildren(...(options.length ? options : [nothing]));
    this.#input.setAttribute("aria-activedescendant", this.#at < 0 ? "" : `${this.list.id}-${this.#at}`);
    this.list.children[this.#at]?.scrollIntoView({ block: "nearest" });
  }

  #option({ text, note }: Found, index: number): HTMLElement {
    const id = `${this.list.id}-${index}`;
    const chosen = String(index === this.#at);
    const made = make(
      "div",
      { id, role: "option", "aria-selected": chosen, "data-index": String(index) },
      text,
    );
    if (note) made.append(" ", make("small", {}, note));
    return made;
  }
}
