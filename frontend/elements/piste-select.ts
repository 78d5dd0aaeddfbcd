import { announce } from "./announce.ts";
import { ask, say, send, visit } from "./server.ts";
import { word } from "./words.ts";

/** Which rows or cards are ticked, and what is done with them together. */
export class PisteSelect extends HTMLElement {
  #chosen = new Set<string>();
  #last: string | undefined;

  connectedCallback(): void {
    this.addEventListener("click", this.#onClick);
    this.addEventListener("keydown", this.#onKey);
    document.addEventListener("keydown", this.#enter);
    document.addEventListener("clear-selection", this.clear);
    document.addEventListener("htmx:after:settle", this.#show);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#enter);
    document.removeEventListener("clear-selection", this.clear);
    document.removeEventListener("htmx:after:settle", this.#show);
  }

  /** Tick or untick one; with `range`, everything from the last one on. */
  toggle(id: string, range = false): void {
    const ids = this.#items().map((item) => item.dataset.id ?? "");
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

  clear = (): void => {
    this.#chosen.clear();
    this.#show();
  };

  #items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-id]")];
  }

  #show = (): void => {
    const items = this.#items();
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
    if (count) count.textContent = word("selected", { count: this.#chosen.size });
  };

  #onClick = (event: MouseEvent): void => {
    const target = event.target as HTMLElement;
    const id = target.closest<HTMLElement>("[data-id]")?.dataset.id;
    if (target.matches("[data-tick]") && id) this.toggle(id, event.shiftKey);
    else if (target.matches("[data-all]")) this.#all((target as HTMLInputElement).checked);
    else if (target.closest("[data-clear]")) this.clear();
    const action = target.closest<HTMLElement>("[data-bulk-url]");
    if (action) void this.#act(action);
  };

  #all(on: boolean): void {
    this.#chosen = new Set(on ? this.#items().map((item) => item.dataset.id ?? "") : []);
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
    const url = `${dataset.bulkUrl}?${new URLSearchParams(ids.map((id) => ["id", id]))}`;
    if (dataset.atOnce === undefined) ask(url);
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

  /** Rows of a list; the board has keys of its own. */
  #onKey = (event: KeyboardEvent): void => {
    const link = (event.target as Element).closest<HTMLElement>("[data-open]");
    const row = link?.closest<HTMLElement>("tr[data-id]");
    if (!row || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== "a") return;
      event.preventDefault();
      this.#all(true);
      return;
    }
    const id = row.dataset.id ?? "";
    const url = (link as HTMLAnchorElement).href;
    const key =
      document.body.dataset.shortcuts === "off" && event.key.length === 1 && event.key !== " "
        ? ""
        : event.key;
    if (key === "ArrowDown" || key === "j") this.#go(row, 1, event.shiftKey);
    else if (key === "ArrowUp" || key === "k") this.#go(row, -1, event.shiftKey);
    else if (key === "x") this.toggle(id);
    else if (key === "Enter" && event.shiftKey) visit(url);
    else if (key === "e") visit(`${url}edit/`);
    else if (key === " ") void document.querySelector("piste-panel")?.open(id, url, { peek: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #go(from: HTMLElement, step: 1 | -1, extend: boolean): void {
    const rows = this.#items();
    const row = rows[rows.indexOf(from) + step];
    if (!row) return;
    row.querySelector<HTMLElement>("[data-open]")?.focus();
    row.scrollIntoView({ block: "nearest" });
    if (!extend) return;
    for (const { dataset } of [from, row]) {
      if (dataset.id && !this.#chosen.has(dataset.id)) this.toggle(dataset.id);
    }
  }
}

customElements.define("piste-select", PisteSelect);
