interface Ahead {
  picks: Record<string, number[]>;
  refusal: string;
}

/** Shows at once what merged records become. What the rules take for each survivor comes from the server. */
export class PisteMerge extends HTMLElement {
  #ahead: Record<string, Ahead> = {};
  #touched = new Set<string>();

  connectedCallback(): void {
    this.#ahead = JSON.parse(this.dataset.survivors ?? "{}") as Record<string, Ahead>;
    this.addEventListener("change", this.#onChange);
    // What was chosen before this script came stays chosen.
    for (const input of this.querySelectorAll<HTMLInputElement>("[data-line] input"))
      if (input.checked !== input.defaultChecked)
        this.#touched.add(input.closest<HTMLElement>("[data-line]")?.dataset.line ?? "");
    this.#follow();
  }

  #onChange = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const line = input.closest<HTMLElement>("[data-line]");
    if (input.name === "survivor") this.#follow();
    else if (line) {
      this.#touched.add(line.dataset.line ?? "");
      this.#show(line);
    }
  };

  /** Another record stays: lines nobody has touched take what the rules then say. */
  #follow(): void {
    const survivor = this.querySelector<HTMLInputElement>("[name='survivor']:checked")?.value ?? "";
    const ahead = this.#ahead[survivor];
    if (!ahead) return;
    for (const line of this.querySelectorAll<HTMLElement>("[data-line]")) {
      const taken = ahead.picks[line.dataset.line ?? ""] ?? [];
      if (!this.#touched.has(line.dataset.line ?? "")) this.#take(line, taken.map(String));
      this.#show(line);
    }
    for (const cell of this.querySelectorAll<HTMLElement>("th.merge-record"))
      cell.toggleAttribute("data-survives", cell.querySelector<HTMLInputElement>("input")?.checked);
    this.#refuse(ahead.refusal);
  }

  #take(line: HTMLElement, taken: string[]): void {
    for (const cell of line.querySelectorAll<HTMLElement>("[data-pk]")) {
      const input = cell.querySelector("input");
      const on = taken.includes(cell.dataset.pk ?? "");
      if (input) input.checked = on;
      else cell.toggleAttribute("data-taken", on);
    }
  }

  #show(line: HTMLElement): void {
    const taken = [
      ...line.querySelectorAll(".merge-cell:is([data-taken], :has(input:checked)) .merge-value"),
    ];
    const pieces = new Map(
      taken
        .flatMap((value) => [...value.querySelectorAll(".merge-piece")])
        .map((one) => [one.textContent, one]),
    );
    const shown = [...pieces.values()].map((piece) => piece.cloneNode(true));
    if (!shown.length) {
      const none = document.createElement("span");
      none.className = "merge-none";
      none.textContent = "—";
      shown.push(none);
    }
    line.querySelector("output")?.replaceChildren(...shown);
  }

  #refuse(sentence: string): void {
    const notice = this.querySelector<HTMLElement>("[data-refusal]");
    if (!notice) return;
    notice.hidden = !sentence;
    notice.querySelector("p")?.replaceChildren(sentence);
    const submit = this.closest("form")?.querySelector<HTMLButtonElement>("[type='submit']");
    if (submit) submit.disabled = Boolean(sentence);
  }
}

customElements.define("piste-merge", PisteMerge);
