type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/**
 * Shows in a form what a chosen record fills, around what was typed. Which is which goes along in hidden inputs, so
 * that it is still known when the form comes back.
 */
export class PisteFill extends HTMLElement {
  #touched = new Set<string>();
  #filled = new Set<string>();

  get #form(): HTMLFormElement | null {
    return this.closest("form");
  }

  connectedCallback(): void {
    this.#touched = this.#names("touched");
    this.#filled = this.#names("filled");
    const form = this.#form;
    form?.addEventListener("input", this.#onType);
    form?.addEventListener("htmx:config:request", this.#onAsk);
    form?.addEventListener("htmx:after:swap", this.#onAnswer);
    for (const name of this.#filled) this.#input(name)?.toggleAttribute("data-filled", true);
    // The first answer may have come before this script.
    if (form?.querySelector("[data-fills]")) this.#onAnswer();
  }

  /** What is typed is no longer filled. One's own word taken back leaves the field to be filled. */
  #onType = (event: Event): void => {
    const input = event.target as Input;
    if (!input.name) return;
    if (input.value || this.#filled.has(input.name)) this.#touched.add(input.name);
    else this.#touched.delete(input.name);
    this.#filled.delete(input.name);
    input.removeAttribute("data-filled");
    this.#keep();
  };

  /** The server is asked about what was typed, so that another record may fill other things. */
  #onAsk = (event: Event): void => {
    const { ctx } = (event as CustomEvent<{ ctx: { request: { body: FormData } } }>).detail;
    for (const name of this.#filled) ctx.request.body.set(name, this.#before(name));
  };

  #onAnswer = (): void => {
    const answer = this.#form?.querySelector<HTMLElement>("[data-fills]")?.dataset.fills ?? "{}";
    const fills = JSON.parse(answer) as Record<string, string>;
    for (const name of this.#filled) if (!(name in fills)) this.#show(name, this.#before(name), false);
    for (const [name, value] of Object.entries(fills))
      if (!this.#touched.has(name)) this.#show(name, value, true);
    this.#keep();
  };

  #show(name: string, value: string, filled: boolean): void {
    const input = this.#input(name);
    if (!input) return;
    if (input.value !== value) input.value = value;
    // Whoever is about to type there goes on without what was filled.
    if (filled && input === document.activeElement && "select" in input) input.select();
    input.toggleAttribute("data-filled", filled);
    if (filled) this.#filled.add(name);
    else this.#filled.delete(name);
  }

  /** What the record holds; a new one holds nothing. */
  #before(name: string): string {
    return this.#input(`initial-${name}`)?.value ?? "";
  }

  #input(name: string): Input | null {
    return this.#form?.querySelector<Input>(`[name="${CSS.escape(name)}"]`) ?? null;
  }

  #names(kind: string): Set<string> {
    return new Set((this.#input(kind)?.value ?? "").split(",").filter(Boolean));
  }

  #keep(): void {
    for (const [kind, names] of [
      ["touched", this.#touched],
      ["filled", this.#filled],
    ] as const) {
      const input = this.#input(kind);
      if (input) input.value = [...names].join(",");
    }
  }
}

customElements.define("piste-fill", PisteFill);
