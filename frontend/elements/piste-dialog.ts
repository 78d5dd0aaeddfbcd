import htmx from "htmx.org";
import { button, make } from "./make.ts";
import { word } from "./words.ts";

/** Opens its <dialog> when something is put into it, and closes it only when nothing typed would be lost. */
export class PisteDialog extends HTMLElement {
  /** What gets the focus back. */
  opener: Element | null = null;
  #changed = false;
  #done = false;

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  connectedCallback(): void {
    document.addEventListener("htmx:after:swap", this.#onSwap);
    document.addEventListener("close-dialog", this.#finish);
    this.addEventListener("click", this.#onClick);
    this.addEventListener("input", this.#onInput);
    this.#dialog?.addEventListener("cancel", this.#onCancel);
    this.#dialog?.addEventListener("close", this.#onClosed);
  }

  disconnectedCallback(): void {
    document.removeEventListener("htmx:after:swap", this.#onSwap);
    document.removeEventListener("close-dialog", this.#finish);
  }

  /** Show this, which came from the server. */
  show(html: string): void {
    const dialog = this.#dialog;
    if (!dialog) return;
    dialog.innerHTML = html;
    htmx.process(dialog);
    this.open();
  }

  /** Show what the dialog now holds. */
  open(): void {
    const dialog = this.#dialog;
    if (!dialog?.firstElementChild) return;
    if (!dialog.open) {
      this.opener = document.activeElement;
      this.#changed = this.#done = false;
      dialog.showModal();
    }
    if (dialog.querySelector("#dialog-note")) dialog.setAttribute("aria-describedby", "dialog-note");
    else dialog.removeAttribute("aria-describedby");
    const wrong = dialog.querySelector<HTMLElement>("[aria-invalid='true']");
    const first = dialog.querySelector<HTMLElement>(":is(input, select, textarea):not([type='hidden'])");
    (wrong ?? first ?? dialog.querySelector<HTMLElement>("[type='submit'], [data-close]"))?.focus();
  }

  #leave(): void {
    if (!this.#changed) {
      this.#close();
      return;
    }
    this.#askFirst();
  }

  #askFirst(): void {
    const dialog = this.#dialog;
    if (!dialog || dialog.querySelector("[data-unsaved]")) return;
    const keep = button({ class: "button small" }, () => notice.remove(), word("keep"));
    const discard = button({ class: "button small" }, this.#close, word("discard"));
    const text = make("p", {}, word("unsaved"));
    const notice = make(
      "div",
      { class: "notice warning unsaved", role: "alert", "data-unsaved": "" },
      text,
      keep,
      discard,
    );
    dialog.querySelector("footer, .dialog-fields")?.before(notice);
    keep.focus();
  }

  #onSwap = (event: Event): void => {
    const { ctx } = (event as CustomEvent<{ ctx: { target?: Element | string } }>).detail;
    if (ctx.target === this.#dialog || ctx.target === "#dialog") this.open();
  };

  #onInput = (): void => {
    this.#changed = true;
  };

  #onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    if (target.closest("[data-close]")) this.#close();
    // The backdrop belongs to the dialog itself; whatever it holds lies inside its first child.
    else if (target === this.#dialog) this.#leave();
  };

  #onCancel = (event: Event): void => {
    event.preventDefault();
    this.#leave();
  };

  #finish = (): void => {
    this.#done = true;
    this.#close();
  };

  #close = (): void => this.#dialog?.close();

  #onClosed = (): void => {
    this.#changed = false;
    this.#dialog?.replaceChildren();
    if (this.opener instanceof HTMLElement && this.opener.isConnected) this.opener.focus();
    document.dispatchEvent(new CustomEvent("dialog-closed", { detail: { done: this.#done } }));
  };
}

customElements.define("piste-dialog", PisteDialog);
