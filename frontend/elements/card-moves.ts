import htmx from "htmx.org";
import { announce } from "./announce.ts";
import type { PisteBoard } from "./piste-board.ts";
import { say, send } from "./server.ts";
import { word } from "./words.ts";

/** Moves cards: at once on the screen, then on the server; a refusal puts the card back where it was. */
export class CardMoves {
  readonly #board: PisteBoard;

  constructor(board: PisteBoard) {
    this.#board = board;
  }

  /** Put a card on top of another lane. */
  async to(card: HTMLElement, lane: HTMLElement): Promise<void> {
    const from = card.parentElement;
    const list = lane.querySelector<HTMLElement>("[data-cards]");
    if (!from || !list || from === list) return;
    if (this.#board.locked) {
      say({ text: word("locked", { reason: this.#board.dataset.locked ?? "" }) });
      return;
    }
    const index = cardsOf(from).indexOf(card);
    const focused = card.contains(document.activeElement);
    list.prepend(card);
    if (this.#board.hasAttribute("data-phone") && focused) this.#board.show(lane.dataset.lane ?? "");
    if (focused) card.querySelector<HTMLElement>("[data-open]")?.focus();
    await this.settle(card, from, index);
  }

  /** Tell the server of a card that has already changed its place on the screen. */
  async settle(card: HTMLElement, from: HTMLElement, index: number): Promise<void> {
    const lane = card.closest<HTMLElement>("[data-lane]");
    if (!lane) return;
    this.#count(from, lane);
    card.setAttribute("aria-busy", "true");
    const group = new URLSearchParams(location.search).get("g") ?? "";
    const url = `${this.#board.dataset.url}${card.dataset.id}/move/${location.search}`;
    const { ok, asks } = await send(url, { lane: lane.dataset.lane ?? "", g: group });
    card.removeAttribute("aria-busy");
    card.toggleAttribute("data-asking", asks);
    const went = asks ? await answered() : ok;
    card.removeAttribute("data-asking");
    if (went) this.#accept(card, lane);
    else this.#refuse(card, from, index);
  }

  #accept(card: HTMLElement, lane: HTMLElement): void {
    const cards = cardsOf(lane);
    const position = cards.indexOf(card) + 1;
    announce(
      word("moved", { card: nameOf(card), lane: lane.dataset.label ?? "", position, count: cards.length }),
    );
    const search = new URLSearchParams(location.search);
    search.set("card", card.dataset.id ?? "");
    void htmx.ajax("GET", `${this.#board.dataset.url}heads/?${search}`, {
      target: this.#board,
      swap: "none",
    });
  }

  #refuse(card: HTMLElement, from: HTMLElement, index: number): void {
    const lane = card.closest<HTMLElement>("[data-lane]");
    const focused = card.contains(document.activeElement);
    from.insertBefore(card, cardsOf(from)[index] ?? null);
    if (lane) this.#count(lane, from);
    card.classList.add("refused");
    card.addEventListener("animationend", () => card.classList.remove("refused"), { once: true });
    if (focused) card.querySelector<HTMLElement>("[data-open]")?.focus();
    const back = from.closest<HTMLElement>("[data-lane]")?.dataset.label ?? "";
    announce(word("was_put_back", { card: nameOf(card), lane: back }));
  }

  /** One less here, one more there, until the server has counted. */
  #count(from: Element, to: Element): void {
    for (const [place, by] of [
      [from, -1],
      [to, 1],
    ] as const) {
      const lane = place.closest("[data-lane]");
      const count = lane?.querySelector(".count");
      if (count && /^\d+$/.test(count.textContent ?? ""))
        count.textContent = String(Number(count.textContent) + by);
      const hint = lane?.querySelector<HTMLElement>("[data-drop]");
      if (hint) hint.hidden = !!lane?.querySelector(".card");
    }
  }
}

/** Whether the question in the dialog was answered, once it is closed. */
function answered(): Promise<boolean> {
  return new Promise((resolve) => {
    const tell = (event: Event) => resolve((event as CustomEvent<{ done: boolean }>).detail.done);
    document.addEventListener("dialog-closed", tell, { once: true });
  });
}

export function cardsOf(place: Element): HTMLElement[] {
  return [...place.querySelectorAll<HTMLElement>(".card")];
}

export function nameOf(card: Element): string {
  return card.querySelector("[data-open]")?.textContent?.trim() ?? "";
}
