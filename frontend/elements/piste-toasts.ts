import { icon } from "./icon.ts";
import { button, make } from "./make.ts";
import { send, type Toast } from "./server.ts";
import { word } from "./words.ts";

const STAY = 8000;
const MOST = 3;

/** Short messages with a way back. They wait while the pointer or the focus is on them; errors stay until closed. */
export class PisteToasts extends HTMLElement {
  #timers = new Map<HTMLElement, number>();
  #undo: string | undefined;
  #redo: string | undefined;
  #undoing = false;

  connectedCallback(): void {
    document.addEventListener("toast", this.#onToast);
    document.addEventListener("htmx:after:swap", this.#collect);
    this.addEventListener("pointerenter", this.#hold);
    this.addEventListener("focusin", this.#hold);
    this.addEventListener("pointerleave", this.#release);
    this.addEventListener("focusout", this.#release);
    this.#collect();
  }

  disconnectedCallback(): void {
    document.removeEventListener("toast", this.#onToast);
    document.removeEventListener("htmx:after:swap", this.#collect);
    this.#hold();
  }

  /** Take back what the latest toast told of (`redo`: take back the taking back). */
  async back(redo = false): Promise<void> {
    const url = redo ? this.#redo : this.#undo;
    if (!url) return;
    if (redo) this.#redo = undefined;
    else this.#undo = undefined;
    this.#undoing = !redo;
    await send(url, {});
    this.#undoing = false;
  }

  show(toast: Toast): void {
    if (toast.undo && this.#undoing) this.#redo = toast.undo;
    else if (toast.undo) this.#undo = toast.undo;
    const box = this.#draw(toast);
    this.append(box);
    while (this.children.length > MOST) this.#remove(this.firstElementChild as HTMLElement);
    this.#rise();
    if (toast.kind !== "error") this.#start(box);
  }

  #draw(toast: Toast): HTMLElement {
    const wrong = toast.kind === "error";
    const box = make("div", { class: `toast ${toast.kind ?? ""}`, role: wrong ? "alert" : "status" });
    if (wrong) box.append(icon("circle-alert"));
    box.append(make("p", {}, toast.text));
    if (toast.undo) {
      const undo = () => {
        this.#remove(box);
        this.#undo = toast.undo;
        void this.back();
      };
      box.append(button({ class: "toast-undo" }, undo, toast.undo_label ?? word("undo")));
    }
    const { retry } = toast;
    if (retry) {
      const again = () => {
        this.#remove(box);
        retry();
      };
      box.append(button({ class: "toast-undo" }, again, word("try_again")));
    }
    box.append(button({ class: "toast-close", "aria-label": word("close") }, () => this.#remove(box), "×"));
    return box;
  }

  /** Into the top layer, last, so that a dialog does not cover it. */
  #rise(): void {
    if (!this.showPopover) return;
    this.popover = "manual";
    if (this.matches(":popover-open")) this.hidePopover();
    this.showPopover();
  }

  #start(box: HTMLElement): void {
    this.#timers.set(
      box,
      window.setTimeout(() => this.#remove(box), STAY),
    );
  }

  #remove(box: HTMLElement): void {
    clearTimeout(this.#timers.get(box));
    this.#timers.delete(box);
    box.remove();
    if (!this.children.length && this.matches(":popover-open")) this.hidePopover();
  }

  #onToast = (event: Event): void => this.show((event as CustomEvent<Toast>).detail);

  #hold = (): void => {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  };

  #release = (): void => {
    for (const box of [...this.#timers.keys()]) this.#start(box);
  };

  #collect = (): void => {
    for (const told of document.querySelectorAll<HTMLElement>("[data-toast]")) {
      const { toast = "", kind = "", undo = "" } = told.dataset;
      told.remove();
      this.show({ text: toast, kind, ...(undo ? { undo } : {}) });
    }
  };
}

customElements.define("piste-toasts", PisteToasts);
