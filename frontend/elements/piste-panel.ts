import htmx from "htmx.org";
import { withoutPanel } from "./address.ts";
import { say, visit } from "./server.ts";
import { word } from "./words.ts";

const WIDTH = "piste:panel-width";
const wide = matchMedia("(min-width: 768px)");

/** A record beside the list it comes from. Which one is part of the address (?panel=17), so it reloads and is shared. */
export class PistePanel extends HTMLElement {
  #address = withoutPanel(location.href);
  #opener: HTMLElement | null = null;

  get #body(): HTMLElement | null {
    return this.querySelector("#panel-body");
  }

  connectedCallback(): void {
    document.addEventListener("click", this.#onOpen, true);
    document.addEventListener("htmx:after:swap", this.#onSwap);
    document.addEventListener("htmx:before:history:restore", this.#onHistory);
    this.addEventListener("htmx:config:request", this.#onRequest);
    this.addEventListener("click", this.#onClick);
    this.#addGrip();
    this.#follow();
  }

  disconnectedCallback(): void {
    document.removeEventListener("click", this.#onOpen, true);
    document.removeEventListener("htmx:after:swap", this.#onSwap);
    document.removeEventListener("htmx:before:history:restore", this.#onHistory);
  }

  /** Show a record; `peek` leaves the focus in the list. */
  async open(id: string, url: string, { peek = false, push = true } = {}): Promise<void> {
    this.#opener = document.activeElement as HTMLElement;
    this.hidden = false;
    this.querySelector("[data-full]")?.setAttribute("href", url);
    if (push) this.#push(id);
    await htmx.ajax("GET", url, {
      target: "#panel-body",
      swap: "innerHTML ignoreTitle:true",
      select: ".record",
    } as never);
    if (!peek) this.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }

  close(): void {
    if (this.hidden) return;
    this.#hide();
    this.#push("");
    if (this.#opener?.isConnected) this.#opener.focus();
  }

  #hide(): void {
    this.hidden = true;
    this.#body?.replaceChildren();
  }

  #push(id: string): void {
    const address = new URL(location.href);
    if (id) address.searchParams.set("panel", id);
    else address.searchParams.delete("panel");
    if (address.href !== location.href) history.pushState({ htmx: true }, "", address);
  }

  /** Show what the address says. */
  #follow(): void {
    this.#address = withoutPanel(location.href);
    const id = new URL(location.href).searchParams.get("panel");
    const list = document.querySelector<HTMLElement>("#results")?.dataset.url;
    if (!id || !list) this.#hide();
    else if (this.querySelector<HTMLElement>(".record")?.dataset.id !== id) {
      void this.open(id, `${list}${id}/`, { peek: true, push: false });
    }
  }

  #onOpen = (event: MouseEvent): void => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-open]");
    const plain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || !wide.matches || this.contains(link)) return;
    event.preventDefault();
    event.stopPropagation();
    if (link.closest("[data-dragging]")) return;
    link.focus({ preventScroll: true });
    void this.open(link.closest<HTMLElement>("[data-id]")?.dataset.id ?? "", link.href);
  };

  #onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const full = this.querySelector<HTMLAnchorElement>("[data-full]");
    if (target.closest("[data-close]") && !target.closest("#panel-body")) this.close();
    if (!target.closest("[data-copy]") || !full) return;
    void navigator.clipboard?.writeText(full.href).then(() => say({ text: word("copied") }));
  };

  /** Links inside that stay inside do not change the address of the list. */
  #onRequest = (event: Event): void => {
    const { ctx } = (event as CustomEvent<{ ctx: { target: unknown; push?: string; swap: string } }>).detail;
    if (!(ctx.target instanceof Element) || !this.contains(ctx.target)) return;
    ctx.push = "false";
    ctx.swap += " ignoreTitle:true";
  };

  #onSwap = (event: Event): void => {
    const { ctx } = (
      event as CustomEvent<{ ctx: { target?: Element | string; request: { action: string } } }>
    ).detail;
    if (ctx.target === "#main" || (ctx.target instanceof Element && ctx.target.id === "main")) this.#follow();
    const shown = this.querySelector<HTMLElement>(".record")?.dataset.id;
    if (!shown || !(ctx.target instanceof Element) || !this.contains(ctx.target)) return;
    const address = new URL(location.href);
    if (!address.searchParams.has("panel") || address.searchParams.get("panel") === shown) return;
    address.searchParams.set("panel", shown);
    history.replaceState({ htmx: true }, "", address);
    this.querySelector("[data-full]")?.setAttribute("href", ctx.request.action);
  };

  /** Back and forward between two panels over one list ask nothing but the panel. */
  #onHistory = (event: Event): void => {
    if (withoutPanel(location.href) !== this.#address) return;
    event.preventDefault();
    this.#follow();
  };

  /** The record as a page of its own. */
  full(): void {
    const url = this.querySelector<HTMLAnchorElement>("[data-full]")?.href;
    if (url) visit(url);
  }

  #addGrip(): void {
    const saved = localStorage.getItem(WIDTH);
    if (saved) this.style.inlineSize = `${saved}px`;
    if (this.querySelector(".panel-grip")) return;
    const grip = document.createElement("div");
    grip.className = "panel-grip";
    grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
    grip.addEventListener("pointermove", (event) => {
      if (grip.hasPointerCapture(event.pointerId)) this.style.inlineSize = `${innerWidth - event.clientX}px`;
    });
    grip.addEventListener("pointerup", () => localStorage.setItem(WIDTH, String(this.offsetWidth)));
    this.prepend(grip);
  }
}

customElements.define("piste-panel", PistePanel);
