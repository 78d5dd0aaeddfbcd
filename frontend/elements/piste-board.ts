import { AutoScroll, Sortable } from "sortablejs/modular/sortable.core.esm.js";
import { announce } from "./announce.ts";
import { onCardKey, roam } from "./card-keys.ts";
import { openCardMenu } from "./card-menu.ts";
import { CardMoves } from "./card-moves.ts";
import "./piste-quick.ts";
import { word } from "./words.ts";

Sortable.mount(new AutoScroll());
const phone = matchMedia("(max-width: 767px)");

/** The board: cards go from lane to lane by pointer, finger, keys or menu; the server has the last word. */
export class PisteBoard extends HTMLElement {
  readonly moves = new CardMoves(this);
  #sortables = new Map<Element, Sortable>();
  #shown: string | undefined;
  #total = 0;

  connectedCallback(): void {
    this.addEventListener("click", this.#onClick);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("focusin", this.#onFocus);
    document.addEventListener("htmx:after:settle", this.#wire);
    phone.addEventListener("change", this.#wire);
    this.#wire();
  }

  disconnectedCallback(): void {
    document.removeEventListener("htmx:after:settle", this.#wire);
    phone.removeEventListener("change", this.#wire);
    for (const sortable of this.#sortables.values()) sortable.destroy();
    this.#sortables.clear();
  }

  get locked(): boolean {
    return this.dataset.locked !== undefined;
  }

  get lanes(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-lane]")];
  }

  /** On a phone one lane is on screen at a time. */
  show(key: string): void {
    this.#shown = key;
    for (const lane of this.lanes) lane.classList.toggle("shown", lane.dataset.lane === key);
    for (const chip of this.querySelectorAll<HTMLElement>("[data-show]")) {
      if (chip.dataset.show === key) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    }
  }

  /** After every swap: new lanes take cards, and what the reader folded or chose stays so. */
  #wire = (): void => {
    for (const [list, sortable] of this.#sortables) {
      if (list.isConnected) continue;
      sortable.destroy();
      this.#sortables.delete(list);
    }
    for (const list of this.querySelectorAll<HTMLElement>("[data-cards]")) {
      if (!this.locked && !this.#sortables.has(list)) this.#sortables.set(list, this.#sortable(list));
    }
    for (const lane of this.lanes) {
      const folded = localStorage.getItem(this.#foldKey(lane));
      if (folded) this.#fold(lane, folded === "yes");
    }
    this.toggleAttribute("data-phone", phone.matches);
    const full = this.lanes.find((lane) => lane.querySelector(".card")) ?? this.lanes[0];
    this.show(this.#shown ?? full?.dataset.lane ?? "");
    this.#showTotal(this.#total);
    roam(this);
  };

  #sortable(list: HTMLElement): Sortable {
    return new Sortable(list, {
      group: "cards",
      draggable: ".card",
      filter: "button, input",
      preventOnFilter: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
      delay: 220,
      delayOnTouchOnly: true,
      touchStartThreshold: 5,
      // The browser's own dragging shows a picture of the link, and none at all on touch.
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 5,
      onStart: () => {
        this.toggleAttribute("data-dragging", true);
        // What is carried is as solid as what lies.
        if (Sortable.ghost) Sortable.ghost.style.opacity = "1";
      },
      onEnd: ({ item, from, to, oldDraggableIndex }) => {
        // The click that ends the drag comes after this.
        setTimeout(() => this.removeAttribute("data-dragging"));
        if (from !== to) void this.moves.settle(item, from, oldDraggableIndex ?? 0);
      },
    });
  }

  #fold(lane: HTMLElement, folded: boolean): void {
    lane.classList.toggle("folded", folded);
    lane.querySelector("[data-fold-lane]")?.setAttribute("aria-expanded", String(!folded));
  }

  #foldKey(lane: HTMLElement): string {
    const group = new URLSearchParams(location.search).get("g") ?? "";
    return `piste:folded:${this.dataset.url}:${group}:${lane.dataset.lane}`;
  }

  #onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const lane = target.closest<HTMLElement>("[data-lane]");
    const more = target.closest<HTMLElement>("[data-card-menu]");
    if (more) openCardMenu(this, more);
    else if (target.closest("[data-show]")) this.#choose(target.closest<HTMLElement>("[data-show]"));
    else if (target.closest("[data-quick]")) lane?.querySelector("piste-quick")?.open();
    else if (target.closest("[data-sum]")) this.#showTotal(this.#total + 1);
    else if (lane && (target.closest("[data-fold-lane]") || lane.classList.contains("folded"))) {
      const folded = !lane.classList.contains("folded");
      localStorage.setItem(this.#foldKey(lane), folded ? "yes" : "no");
      this.#fold(lane, folded);
    }
  };

  #choose(chip: HTMLElement | null): void {
    this.show(chip?.dataset.show ?? "");
    const lane = this.lanes.find((each) => each.dataset.lane === this.#shown);
    const [label = "", count = ""] = [lane?.dataset.label, lane?.querySelector(".count")?.textContent ?? ""];
    announce(word("cards_shown", { lane: label, count }));
  }

  /** All lanes show the same total. */
  #showTotal(index: number): void {
    for (const sum of this.querySelectorAll("[data-sum]")) {
      const totals = [...sum.children] as HTMLElement[];
      this.#total = index % totals.length;
      for (const [each, total] of totals.entries()) total.hidden = each !== this.#total;
    }
  }

  #onKey = (event: KeyboardEvent): void => onCardKey(this, event);

  #onFocus = (event: FocusEvent): void => {
    const card = (event.target as Element).closest<HTMLElement>(".card");
    if (card) roam(this, card);
  };
}

customElements.define("piste-board", PisteBoard);
