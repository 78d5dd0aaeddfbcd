import { Choices, type Found } from "./choices.ts";
import { button, make } from "./make.ts";
import { send } from "./server.ts";
import { word } from "./words.ts";

let made = 0;

/** A combobox over the <select> inside it, which keeps the value and works alone without scripts. */
export class PisteLookup extends HTMLElement {
  #input = make("input", { type: "text" });
  #chips = make("span", { class: "tags" });
  #choices: Choices | undefined;
  #timer = 0;

  get #select(): HTMLSelectElement | null {
    return this.querySelector("select");
  }

  connectedCallback(): void {
    const select = this.#select;
    if (!select || this.#choices) return;
    // The label points to the id, so the field one types in takes it over.
    const id = select.id || `lookup-${++made}`;
    select.id = `${id}-value`;
    select.hidden = true;
    this.#input.id = id;
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      const value = select.getAttribute(name);
      if (value) this.#input.setAttribute(name, value);
    }
    this.#choices = new Choices(this.#input, `${id}-list`);
    this.append(this.#chips, this.#input, this.#choices.list);
    this.#input.addEventListener("input", this.#onInput);
    this.#input.addEventListener("keydown", this.#onKey);
    this.#input.addEventListener("blur", this.#onBlur);
    this.#choices.list.addEventListener("pointerdown", this.#onPick);
    this.#write();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  /** Show what the select holds. */
  #write(): void {
    const chosen = [...(this.#select?.selectedOptions ?? [])].filter((option) => option.value);
    const many = this.#select?.multiple;
    this.#input.value = many ? "" : (chosen[0]?.textContent?.trim() ?? "");
    this.#chips.replaceChildren(...(many ? chosen.map((option) => this.#chip(option)) : []));
    this.#chips.hidden = !this.#chips.firstChild;
  }

  #chip(option: HTMLOptionElement): HTMLElement {
    const label = option.textContent?.trim() ?? "";
    const attributes = { class: "tag tone-grey", "aria-label": `${word("remove")} ${label}` };
    const drop = () => {
      option.selected = false;
      this.#changed();
    };
    return button(attributes, drop, `${label} ×`);
  }

  async #ask(): Promise<void> {
    const query = this.#input.value.trim();
    const source = new URL(this.getAttribute("src") ?? "", location.href);
    source.searchParams.set("q", query);
    const answer = await send(source.href);
    if (!answer.ok || query !== this.#input.value.trim() || document.activeElement !== this.#input) return;
    this.#choices?.show((JSON.parse(answer.text) as { results: Found[] }).results);
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
    this.#choices?.hide();
    this.#changed();
  }

  #changed(): void {
    this.#write();
    this.#select?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #onInput = (): void => {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), 120);
  };

  #onKey = (event: KeyboardEvent): void => {
    const choices = this.#choices;
    if (!choices) return;
    if (event.key === "ArrowDown" && !choices.open) void this.#ask();
    else if (event.key === "ArrowDown") choices.move(1);
    else if (event.key === "ArrowUp" && choices.open) choices.move(-1);
    else if (event.key === "Enter" && choices.open) this.#choose(choices.current);
    else if (event.key === "Escape" && choices.open) {
      choices.hide();
      this.#write();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #onPick = (event: PointerEvent): void => {
    event.preventDefault();
    const index = (event.target as Element).closest<HTMLElement>("[data-index]")?.dataset.index;
    const found = this.#choices?.at(index);
    if (found) this.#choose(found);
  };

  #onBlur = (): void => {
    clearTimeout(this.#timer);
    this.#choices?.hide();
    const select = this.#select;
    if (!this.#input.value.trim() && select && !select.multiple && select.value) this.#choose(undefined);
    else this.#write();
  };
}

customElements.define("piste-lookup", PisteLookup);
