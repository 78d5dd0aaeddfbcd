import { announce } from "./announce.ts";
import { onRowKey } from "./row-keys.ts";
import { ask, say, send } from "./server.ts";
import { word } from "./words.ts";

/** Beyond this many even an act that asks nothing says first how many it is done to. */
const MANY = 100;

/** Which rows or cards are ticked, and what is done with them together. */
export class PisteSelect extends HTMLElement {
  #chosen = new Set<string>();
  #last: string | undefined;
  /** Not what is ticked, but all that the address finds. */
  #everything = false;

  /** Where the focus was among the rows, so that the next one gets it when that one goes. */
  #place = -1;

  connectedCallback(): void {
    this.addEventListener("focusin", this.#onFocus);
    this.addEventListener("click", this.#onClick);
    this.addEventListener("keydown", (event) => onRowKey(this, event));
    document.addEventListener("keydown", this.#enter);
    document.addEventListener("clear-selection", this.clear);
    document.addEventListener("htmx:after:settle", this.#show);
    document.addEventListener("rows-changed", this.#narrow);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#enter);
    document.removeEventListener("clear-selection", this.clear);
    document.removeEventListener("htmx:after:settle", this.#show);
    document.removeEventListener("rows-changed", this.#narrow);
  }

  /** Tick or untick one; with `range`, everything from the last one on. */
  toggle(id: string, range = false): void {
    const ids = this.items().map((item) => item.dataset.id ?? "");
    this.#everything = false;
    const on = !this.#chosen.has(id);
    const [from, to] = [ids.indexOf(this.#last ?? id), ids.indexOf(id)].sort((one, other) => one - other);
    const touched = range && from !== undefined && from >= 0 ? ids.slice(from, (to ?? from) + 1) : [id];
    for (const each of touched) {
      if (on) this.#chosen.add(each);
      else this.#chosen.delete(each);
    }
    this.#last = id;
    this.#show();
    announce(word("selected", { count: this.#chosen.size }));
  }

  has(id: string): boolean {
    return this.#chosen.has(id);
  }

  clear = (): void => {
    this.#everything = false;
    this.#chosen.clear();
    this.#show();
  };

  /** The rows or cards that are shown. */
  items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-id]")];
  }

  #onFocus = (event: FocusEvent): void => {
    const row = (event.target as Element).closest<HTMLElement>("tr[data-id]");
    this.#place = row ? this.items().indexOf(row) : -1;
  };

  /** After a row has gone on which one worked, the next one is worked on. */
  #goOn(): void {
    if (this.#place < 0 || document.activeElement !== document.body || document.querySelector("dialog[open]"))
      return;
    const rows = this.items();
    rows[Math.min(this.#place, rows.length - 1)]?.querySelector<HTMLElement>("[data-open]")?.focus();
  }

  #show = (): void => {
    this.#goOn();
    const items = this.items();
    for (const item of items) {
      const on = this.#chosen.has(item.dataset.id ?? "");
      item.toggleAttribute("data-selected", on);
      const tick = item.querySelector<HTMLInputElement>("[data-tick]");
      if (tick) tick.checked = on;
    }
    const all = this.querySelector<HTMLInputElement>("[data-all]");
    if (all) {
      all.checked = items.length > 0 && this.#chosen.size >= items.length;
      all.indeterminate = this.#chosen.size > 0 && !all.checked;
    }
    const bar = this.querySelector<HTMLElement>("[data-bulk]");
    if (!bar) return;
    bar.hidden = this.#chosen.size === 0;
    const count = bar.querySelector("[data-count]");
    if (count) count.textContent = this.#everything ? this.#said("all_selected") : this.#ticked();
    this.#offer(bar, !!all?.checked);
  };

  #ticked(): string {
    return word("selected", { count: this.#chosen.size });
  }

  #said(key: "all_selected" | "select_found" | "too_many_found"): string {
    return word(key, { count: this.dataset.foundText ?? "", limit: this.dataset.limit ?? "" });
  }

  /** The second step: from all that are shown to all that there are, unless these are too many at once. */
  #offer(bar: HTMLElement, all: boolean): void {
    const more = all && !this.#everything && Number(this.dataset.found) > this.#chosen.size;
    const few = Number(this.dataset.found) <= Number(this.dataset.limit);
    const offer = bar.querySelector<HTMLElement>("[data-found-all]");
    const note = bar.querySelector<HTMLElement>("[data-found-note]");
    if (!offer || !note) return;
    offer.hidden = !more || !few;
    note.hidden = !more || few;
    offer.textContent = this.#said("select_found");
    note.textContent = this.#said("too_many_found");
  }

  #take(): void {
    this.#everything = true;
    this.#show();
    announce(this.#said("all_selected"));
    // The button that was pressed is gone.
    this.querySelector<HTMLElement>("[data-bulk-url]")?.focus();
  }

  /** What is found may be something else now. */
  #narrow = (): void => {
    this.#everything = false;
  };

  #onClick = (event: MouseEvent): void => {
    const target = event.target as HTMLElement;
    const id = target.closest<HTMLElement>("[data-id]")?.dataset.id;
    if (target.matches("[data-tick]") && id) this.toggle(id, event.shiftKey);
    else if (target.matches("[data-all]")) this.all((target as HTMLInputElement).checked);
    else if (target.closest("[data-clear]")) this.clear();
    else if (target.closest("[data-found-all]")) this.#take();
    const action = target.closest<HTMLElement>("[data-bulk-url]");
    if (action) void this.#act(action);
  };

  /** Tick all that are shown, or none. */
  all(on: boolean): void {
    this.#everything = false;
    this.#chosen = new Set(on ? this.items().map((item) => item.dataset.id ?? "") : []);
    this.#show();
  }

  /** On what is ticked, or on the one that has the focus. */
  async #act({ dataset }: HTMLElement): Promise<void> {
    const focused = document.activeElement?.closest<HTMLElement>("[data-id]")?.dataset.id;
    const ids = this.#chosen.size ? [...this.#chosen] : focused ? [focused] : [];
    if (!ids.length) {
      say({ text: word("select_first") });
      return;
    }
    const which = this.#everything
      ? `all=1&${this.dataset.query}`
      : new URLSearchParams(ids.map((id) => ["id", id]));
    const count = this.#everything ? Number(this.dataset.found) : ids.length;
    const url = `${dataset.bulkUrl}?${which}`;
    if (dataset.atOnce === undefined || count > MANY) ask(url);
    else if ((await send(url, {})).ok) this.clear();
  }

  /** J leads into the rows or cards from wherever nothing else has the focus. */
  #enter = (event: KeyboardEvent): void => {
    const idle = document.activeElement?.matches("body, main, h1");
    if (event.key !== "j" || !idle || event.defaultPrevented || document.body.dataset.shortcuts === "off")
      return;
    event.preventDefault();
    this.querySelector<HTMLElement>("[data-open]")?.focus();
  };
}

customElements.define("piste-select", PisteSelect);
