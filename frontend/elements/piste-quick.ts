import { send } from "./server.ts";

/** One line at the top of a lane: Enter adds and waits for the next, Shift+Enter opens what was added. */
export class PisteQuick extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("submit", this.#onSubmit);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("click", this.#onClick);
  }

  disconnectedCallback(): void {
    this.removeEventListener("submit", this.#onSubmit);
    this.removeEventListener("keydown", this.#onKey);
    this.removeEventListener("click", this.#onClick);
  }

  open(): void {
    this.hidden = false;
    this.#line?.focus();
  }

  close(): void {
    this.hidden = true;
    this.closest("[data-lane]")?.querySelector<HTMLElement>("[data-quick]")?.focus();
  }

  get #line(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>(".input");
  }

  async #add(opens: boolean): Promise<void> {
    const form = this.querySelector("form");
    const line = this.#line;
    if (!form || !line?.value.trim()) return;
    const answer = await send(`${form.action}${location.search}`, new FormData(form));
    line.setAttribute("aria-invalid", String(!answer.ok));
    if (!answer.ok) return;
    line.value = "";
    line.dispatchEvent(new Event("input", { bubbles: true }));
    line.focus();
    const changed = answer.events["rows-changed"] as { ids?: unknown[] } | undefined;
    const list = form.getAttribute("action")?.replace(/quick\/$/, "");
    const id = changed?.ids?.[0];
    if (opens && id) void document.querySelector("piste-panel")?.open(String(id), `${list}${id}/`);
  }

  #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    void this.#add(false);
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.shiftKey) void this.#add(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #onClick = (event: MouseEvent): void => {
    if ((event.target as Element).closest("[data-cancel]")) this.close();
  };
}

customElements.define("piste-quick", PisteQuick);
