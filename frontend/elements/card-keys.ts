import { openCardMenu } from "./card-menu.ts";
import { cardsOf } from "./card-moves.ts";
import type { PisteBoard } from "./piste-board.ts";
import { visit } from "./server.ts";

const STOPS = ".card a, .card button";

/** One Tab stop for the whole board: the card that was last in focus. */
export function roam(board: PisteBoard, card?: HTMLElement): void {
  const current = card ?? board.querySelector(".card:has([tabindex='0'])") ?? board.querySelector(".card");
  for (const stop of board.querySelectorAll<HTMLElement>(STOPS))
    stop.tabIndex = current?.contains(stop) ? 0 : -1;
}

/** The keys of a card that has the focus. */
export function onCardKey(board: PisteBoard, event: KeyboardEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>(".card [data-open]");
  const card = link?.closest<HTMLElement>(".card");
  if (!link || !card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (act(board, card, link, event)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function act(board: PisteBoard, card: HTMLElement, link: HTMLAnchorElement, event: KeyboardEvent): boolean {
  const letters = document.body.dataset.shortcuts !== "off";
  switch (event.key) {
    case "ArrowDown":
      return focus(neighbour(card, 1));
    case "ArrowUp":
      return focus(neighbour(card, -1));
    case "ArrowRight":
    case "ArrowLeft": {
      const step = event.key === "ArrowRight" ? 1 : -1;
      return event.shiftKey ? move(board, card, step) : focus(across(board, card, step));
    }
    case "Home":
      return focus(board.querySelector(".lane:not(.folded) .card"));
    case "End":
      return focus(cardsOf(board.lanes.findLast((lane) => lane.querySelector(".card")) ?? board)[0]);
    case " ":
      void document.querySelector("piste-panel")?.open(card.dataset.id ?? "", link.href, { peek: true });
      return true;
    case "Enter":
      return event.shiftKey && full(link);
    default:
      return letters && letter(board, card, event.key);
  }
}

function letter(board: PisteBoard, card: HTMLElement, key: string): boolean {
  switch (key) {
    case "j":
      return focus(neighbour(card, 1));
    case "k":
      return focus(neighbour(card, -1));
    case "x":
      board.closest("piste-select")?.toggle(card.dataset.id ?? "");
      return true;
    case "m": {
      const more = card.querySelector<HTMLElement>("[data-card-menu]");
      if (more) openCardMenu(board, more);
      return true;
    }
  }
  return false;
}

function neighbour(card: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const cards = cardsOf(card.closest("[data-lane]") ?? card);
  return cards[cards.indexOf(card) + step];
}

/** The card at the same height in the next lane that has one. */
function across(board: PisteBoard, card: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const lane = card.closest<HTMLElement>("[data-lane]");
  const at = cardsOf(lane ?? board).indexOf(card);
  const lanes = step === 1 ? board.lanes : board.lanes.reverse();
  const rest = lanes.slice(lanes.findIndex((each) => each.contains(card)) + 1);
  const next = rest.find((each) => !each.classList.contains("folded") && each.querySelector(".card"));
  const cards = next ? cardsOf(next) : [];
  return cards[Math.min(at, cards.length - 1)];
}

function move(board: PisteBoard, card: HTMLElement, step: 1 | -1): boolean {
  const { lanes } = board;
  const next = lanes[lanes.findIndex((lane) => lane.contains(card)) + step];
  if (next) void board.moves.to(card, next);
  return true;
}

function focus(card: HTMLElement | null | undefined): boolean {
  const link = card?.querySelector<HTMLElement>("[data-open]");
  link?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

function full(link: HTMLAnchorElement): boolean {
  visit(link.href);
  return true;
}
