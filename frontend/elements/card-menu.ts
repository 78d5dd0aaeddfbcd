import { button, kbd, make } from "./make.ts";
import type { PisteBoard } from "./piste-board.ts";
import { place, walk } from "./piste-menu.ts";
import { word } from "./words.ts";

/** The menu of one card: every lane it can go to, and what can be done with it. No dragging needed. */
export function openCardMenu(board: PisteBoard, opener: HTMLElement): void {
  const menu = board.querySelector<HTMLElement>("#card-menu");
  const card = opener.closest<HTMLElement>(".card");
  const link = card?.querySelector<HTMLAnchorElement>("[data-open]");
  if (!menu || !card || !link) return;
  const items = [
    ...lanes(board, card, link),
    item(word("open_card"), () => link.click(), "↵"),
    item(word("select_card"), () => board.closest("piste-select")?.toggle(card.dataset.id ?? ""), "X"),
    ...actions(board, link),
  ];
  menu.replaceChildren(...items);
  menu.onkeydown = (event) => walk(menu, event);
  menu.ontoggle = (event) => {
    const open = event.newState === "open";
    opener.setAttribute("aria-expanded", String(open));
    if (!open && menu.contains(document.activeElement)) link.focus();
  };
  menu.showPopover();
  place(menu, opener.checkVisibility({ opacityProperty: true }) ? opener : card);
  menu.querySelector<HTMLElement>("button:not([aria-current])")?.focus();
}

function lanes(board: PisteBoard, card: HTMLElement, link: HTMLElement): HTMLElement[] {
  if (board.locked) return [];
  const moves = board.lanes.map((lane) => {
    const made = item(lane.dataset.label ?? "", () => {
      link.focus();
      void board.moves.to(card, lane);
    });
    const dot = lane.querySelector(".dot")?.cloneNode();
    if (dot) made.prepend(dot);
    if (lane.contains(card)) made.setAttribute("aria-current", "true");
    return made;
  });
  return [make("p", { class: "menu-title" }, word("move_to")), ...moves, make("hr")];
}

/** The same actions as on a selection, for this card alone: it has the focus when they run. */
function actions(board: PisteBoard, link: HTMLElement): HTMLElement[] {
  const selection = board.closest("piste-select")?.querySelectorAll<HTMLElement>("[data-bulk-url]") ?? [];
  return [...selection].map((action) => {
    const label = action.querySelector("span")?.textContent ?? "";
    const made = item(label, () => onlyThis(board, link, action), action.dataset.keys?.toUpperCase());
    const icon = action.querySelector(".icon")?.cloneNode(true);
    if (icon) made.prepend(icon);
    if (action.classList.contains("danger")) made.classList.add("danger");
    return made;
  });
}

function onlyThis(board: PisteBoard, link: HTMLElement, action: HTMLElement): void {
  board.closest("piste-select")?.clear();
  link.focus();
  action.click();
}

function item(label: string, act: () => void, key = ""): HTMLButtonElement {
  const made = button(
    { class: "menu-item", role: "menuitem" },
    () => {
      made.closest<HTMLElement>("[popover]")?.hidePopover();
      act();
    },
    make("span", {}, label),
    ...(key ? [kbd(key)] : []),
  );
  return made;
}
