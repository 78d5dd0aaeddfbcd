import { send } from "./server.ts";
import { word } from "./words.ts";

interface Found {
  id: string | number;
  text: string;
  note?: string;
}

let made = 0;

/** A combobox over the <select> inside it, which keeps the value and works alone without scripts. */
export class PisteLookup extends HTMLElement {
  #input = document.createElement("input");
  #list = document.createElement("div");
  #chips = document.createElement("span");
  #found: Found[] = [];
  #at = -1;
  #timer = 0;

  get #select(): HTMLSelectElement | null {
    return this.querySelector("select");
  }

  connectedCallback(): void {
    const select = this.#select;
    if (!select || this.#input.isConnected) return;
    const id = select.id || `lookup-${++made}`;
    select.id = `${id}-value`;
    select.hidden = true;
    this.#input.id = id;
    this.#list.id = `${id}-list`;
    this.#list.className = "lookup-list";
    this.#list.setAttribute("role", "listbox");
    this.#list.hidden = true;
    this.#chips.className = "tags";
    const role = {
      role: "combobox",
      autocomplete: "off",
      "aria-expanded": "false",
      "aria-controls": this.#list.id,
    };
    for (const [name, value] of Object.entries(role)) this.#input.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      if (select.hasAttribute(name)) this.#input.setAttribute(name, select.getAttribute(name) ?? "");
    }
    this.append(this.#chips, this.#input, this.#list);
    this.#input.addEventListener("input", this.#onInput);
    this.#input.addEventListener("keydown", this.#onKey);
    this.#input.addEventListener("blur", this.#onBlur);
    this.#list.addEventListener("pointerdown", this.#onPick);
    this.#write();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  /** Show what the select holds. */
  #write(): void {
    const chosen = [...(this.#select?.selectedOptions ?? [])].filter((option) => option.value);
    if (!this.#select?.multiple) {
      this.#input.value = chosen[0]?.textContent?.trim() ?? "";
      return;
    }
    this.#input.value = "";
    this.#chips.replaceChildren(...chosen.map((option) => this.#chip(option)));
  }

  #chip(option: HTMLOptionElement): HTMLElement {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "tag tone-grey";
    chip.textContent = `${option.textContent?.trim()} ×`;
    chip.setAttribute("aria-label", `${word("remove")} ${option.textContent?.trim()}`);
    chip.addEventListener("click", () => {
      option.selected = false;
      this.#write();
      this.#changed();
    });
    return chip;
  }

  async #ask(): Promise<void> {
    const query = this.#input.value.trim();
    const source = new URL(this.getAttribute("src") ?? "", location.href);
    source.searchParams.set("q", query);
    const answer = await send(source.href);
    if (!answer.ok || query !== this.#input.value.trim()) return;
    this.#found = (JSON.parse(answer.text) as { results: Found[] }).results;
    this.#at = this.#found.length ? 0 : -1;
    this.#draw();
  }

  #draw(): void {
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#list.replaceChildren(...this.#found.map((found, index) => this.#option(found, index)));
    if (!this.#found.length) this.#list.textContent = word("nothing_found");
    this.#input.setAttribute("aria-activedescendant", this.#at >= 0 ? `${this.#list.id}-${this.#at}` : "");
    this.#list.children[this.#at]?.scrollIntoView({ block: "nearest" });
  }

  #option(found: Found, index: number): HTMLElement {
    const option = document.createElement("div");
    option.id = `${this.#list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(index === this.#at));
    option.dataset.index = String(index);
    option.textContent = found.text;
    if (found.note)
      option.append(" ", Object.assign(document.createElement("small"), { textContent: found.note }));
    return option;
  }

  #choose(found: Found | undefined): void {
    const select = this.#select;
    if (!select) return;
    if (!select.multiple) for (const option of select.options) option.selected = false;
    if (found) {
      const value = String(found.id);
      const existing = [...select.options].find((option) => option.value === value);
      (existing ?? select.appendChild(new Option(found.text, value))).selected = true;
    } else if (!select.multiple) select.value = "";
    this.#close();
    this.#write();
    this.#changed();
  }

  #changed(): void {
    this.#select?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #onInput = (): void => {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), 120);
  };

  #onKey = (event: KeyboardEvent): void => {
    const open = !this.#list.hidden;
    if (event.key === "ArrowDown" && !open) void this.#ask();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#at = (this.#at + step + this.#found.length) % (this.#found.length || 1);
      this.#draw();
    } else if (event.key === "Enter" && open) this.#choose(this.#found[this.#at]);
    else if (event.key === "Escape" && open) {
      this.#close();
      this.#write();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #onPick = (event: PointerEvent): void => {
    event.preventDefault();
    const index = (event.target as Element).closest<HTMLElement>("[data-index]")?.dataset.index;
    if (index) this.#choose(this.#found[Number(index)]);
  };

  #onBlur = (): void => {
    clearTimeout(this.#timer);
    this.#close();
    if (!this.#input.value.trim() && !this.#select?.multiple && this.#select?.value) this.#choose(undefined);
    else this.#write();
  };
}

customElements.define("piste-lookup", PisteLookup);
