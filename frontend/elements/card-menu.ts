import type { PisteBoard } from "./piste-board.ts";
import { place, walk } from "./piste-menu.ts";
import { word } from "./words.ts";

/** The menu of one card: every lane it can go to, and what can be done with it. No dragging needed. */
export function openCardMenu(board: PisteBoard, button: HTMLElement): void {
  const menu = board.querySelector<HTMLElement>("#card-menu");
  const card = button.closest<HTMLElement>(".card");
  const link = card?.querySelector<HTMLAnchorElement>("[data-open]");
  if (!menu || !card || !link) return;
  const here = card.closest("[data-lane]");
  const moves = board.locked ? [] : board.lanes.map((lane) => laneItem(board, card, lane, lane === here));
  const others = [
    item(word("open_card"), () => link.click(), "↵"),
    item(word("select_card"), () => board.closest("piste-select")?.toggle(card.dataset.id ?? ""), "X"),
    ...actions(board, link),
  ];
  menu.replaceChildren(
    ...(moves.length ? [title(word("move_to")), ...moves, document.createElement("hr")] : []),
    ...others,
  );
  menu.onkeydown = (event) => walk(menu, event);
  menu.ontoggle = (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open && menu.contains(document.activeElement)) link.focus();
  };
  menu.showPopover();
  place(menu, button.checkVisibility({ opacityProperty: true }) ? button : card);
  menu.querySelector<HTMLElement>("button:not([aria-current])")?.focus();
}

function laneItem(board: PisteBoard, card: HTMLElement, lane: HTMLElement, here: boolean): HTMLElement {
  const made = item(lane.dataset.label ?? "", () => {
    card.querySelector<HTMLElement>("[data-open]")?.focus();
    void board.moves.to(card, lane);
  });
  const dot = lane.querySelector(".dot")?.cloneNode();
  if (dot) made.prepend(dot);
  if (here) made.setAttribute("aria-current", "true");
  return made;
}

/** The same actions as on a selection, for this card alone: it has the focus when they run. */
function actions(board: PisteBoard, link: HTMLElement): HTMLElement[] {
  const buttons = [
    ...(board.closest("piste-select")?.querySelectorAll<HTMLElement>("[data-bulk-url]") ?? []),
  ];
  return buttons.map((button) => {
    const made = item(
      button.querySelector("span")?.textContent ?? "",
      () => {
        link.focus();
        button.click();
      },
      button.dataset.keys?.toUpperCase(),
    );
    const icon = button.querySelector(".icon")?.cloneNode(true);
    if (icon) made.prepend(icon);
    if (button.classList.contains("danger")) made.classList.add("danger");
    return made;
  });
}

function title(text: string): HTMLElement {
  const made = document.createElement("p");
  made.className = "menu-title";
  made.textContent = text;
  return made;
}

function item(label: string, act: () => void, key = ""): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "menu-item";
  made.setAttribute("role", "menuitem");
  const text = document.createElement("span");
  text.textContent = label;
  made.append(text);
  if (key) made.append(Object.assign(document.createElement("kbd"), { className: "kbd", textContent: key }));
  made.addEventListener("click", () => {
    made.closest<HTMLElement>("[popover]")?.hidePopover();
    act();
  });
  return made;
}
