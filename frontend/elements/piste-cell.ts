import { send } from "./server.ts";

/** One value that is edited where it stands: Enter or leaving saves, Escape restores, Tab goes on to the next. */
export class PisteCell extends HTMLElement {
  #shown: Node[] | undefined;
  #first = "";
  #saving = false;

  connectedCallback(): void {
    this.addEventListener("click", this.#onClick);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("change", this.#onChange);
    this.addEventListener("focusout", this.#onLeave);
    this.addEventListener("submit", this.#onSubmit);
  }

  disconnectedCallback(): void {
    this.removeEventListener("click", this.#onClick);
    this.removeEventListener("keydown", this.#onKey);
    this.removeEventListener("change", this.#onChange);
    this.removeEventListener("focusout", this.#onLeave);
    this.removeEventListener("submit", this.#onSubmit);
  }

  async edit(): Promise<void> {
    if (this.#shown) return;
    const shown = [...this.childNodes];
    this.ariaBusy = "true";
    const answer = await send(this.getAttribute("src") ?? "");
    this.ariaBusy = null;
    if (!answer.ok) return;
    this.#shown = shown;
    // Rows may be refreshed while somebody types here.
    this.setAttribute("hx-morph-skip", "");
    this.innerHTML = answer.text;
    this.#first = this.#typed();
    this.#focus();
  }

  async #save(): Promise<boolean> {
    const form = this.querySelector("form");
    if (!form || this.#saving) return false;
    if (this.#typed() === this.#first) {
      this.#restore();
      return true;
    }
    this.#saving = true;
    this.ariaBusy = "true";
    const answer = await send(this.getAttribute("src") ?? "", new FormData(form));
    this.ariaBusy = null;
    this.#saving = false;
    // Nothing came back: what was typed stays, to be saved once more.
    if (!answer.status) return false;
    if (answer.asks) {
      this.#restore();
      const dialog = document.querySelector("piste-dialog");
      if (dialog) dialog.opener = this.querySelector(".cell-value");
      // Whatever is chosen, the value that stands here may be out of date.
      const refresh = () => document.dispatchEvent(new CustomEvent("rows-changed", { detail: {} }));
      document.addEventListener("dialog-closed", refresh, { once: true });
      return false;
    }
    if (answer.status === 422) {
      this.innerHTML = answer.text;
      this.#focus();
      return false;
    }
    if (answer.ok && answer.text.trim()) {
      this.#shown = undefined;
      this.removeAttribute("hx-morph-skip");
      this.innerHTML = answer.text;
    } else this.#restore();
    return answer.ok;
  }

  #restore(): void {
    if (this.#shown) this.replaceChildren(...this.#shown);
    this.#shown = undefined;
    this.removeAttribute("hx-morph-skip");
  }

  #typed(): string {
    const form = this.querySelector("form");
    return form ? new URLSearchParams(new FormData(form) as never).toString() : "";
  }

  #focus(): void {
    const input = this.querySelector<HTMLInputElement | HTMLSelectElement>(
      "[role='combobox'], input:not([type='hidden']), select:not([hidden]), textarea",
    );
    input?.focus();
    if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) return;
    if (input instanceof HTMLInputElement && input.type !== "date") input.select();
    // A browser that finds no key press or click behind this refuses; the field is open all the same.
    try {
      if (input instanceof HTMLSelectElement && !input.multiple) input.showPicker();
    } catch {}
  }

  #onClick = (event: MouseEvent): void => {
    if ((event.target as Element).closest(".cell-value")) void this.edit();
  };

  #onChange = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement && !event.target.multiple) void this.#saveAndReturn();
  };

  #onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.#saveAndReturn();
  };

  async #saveAndReturn(): Promise<void> {
    if (await this.#save()) this.querySelector<HTMLElement>(".cell-value")?.focus();
  }

  #onLeave = (event: FocusEvent): void => {
    if (this.#shown && !this.contains(event.relatedTarget as Node | null)) void this.#save();
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === "F2" && !this.#shown) void this.edit();
    else if (event.key === "Escape" && this.#shown) {
      this.#restore();
      this.querySelector<HTMLElement>(".cell-value")?.focus();
    } else if (event.key === "Tab" && this.#shown) void this.#next(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  async #next(step: 1 | -1): Promise<void> {
    if (!(await this.#save())) return;
    const cells = [...document.querySelectorAll("piste-cell")];
    await cells[cells.indexOf(this) + step]?.edit();
  }
}

customElements.define("piste-cell", PisteCell);
