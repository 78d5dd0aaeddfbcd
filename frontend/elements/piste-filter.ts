import { withFilter } from "./address.ts";
import { visit } from "./server.ts";

/** Builds a filter from a field, an operator and a value, and adds it to the address of the page. */
export class PisteFilter extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("change", this.#onChange);
    this.addEventListener("click", this.#onClick);
    this.addEventListener("keydown", this.#onKey);
  }

  disconnectedCallback(): void {
    this.removeEventListener("change", this.#onChange);
    this.removeEventListener("click", this.#onClick);
    this.removeEventListener("keydown", this.#onKey);
  }

  get #shown(): HTMLElement | null {
    return this.querySelector<HTMLElement>("[data-for]:not([hidden])");
  }

  #apply(): void {
    const field = this.#shown;
    const operator = field?.querySelector<HTMLSelectElement>("[data-operator]")?.value ?? "";
    const value =
      field?.querySelector<HTMLInputElement | HTMLSelectElement>("[data-value]")?.value.trim() ?? "";
    if (!field) return;
    this.closest<HTMLElement>("[popover]")?.hidePopover();
    visit(
      withFilter(this.dataset.url ?? "", this.dataset.query ?? "", [
        field.dataset.for ?? "",
        operator,
        value,
      ]),
    );
  }

  #onChange = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    if (!select.matches("[data-field]")) return;
    for (const field of this.querySelectorAll<HTMLElement>("[data-for]"))
      field.hidden = field.dataset.for !== select.value;
    this.#shown?.querySelector<HTMLElement>("[data-value]")?.focus();
  };

  #onClick = (event: MouseEvent): void => {
    if ((event.target as Element).closest("[data-apply]")) this.#apply();
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.target as Element).matches("[data-value]")) return;
    event.preventDefault();
    this.#apply();
  };
}

customElements.define("piste-filter", PisteFilter);
