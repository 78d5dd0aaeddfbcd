const ITEMS = "a.menu-item, button.menu-item";
const GAP = 4;

/** A button and the list it opens: arrows walk, letters jump, a choice closes. */
export class PisteMenu extends HTMLElement {
  get button(): HTMLButtonElement | null {
    return this.querySelector("button");
  }

  get list(): HTMLElement | null {
    return this.querySelector("[popover]");
  }

  connectedCallback(): void {
    const { button, list } = this;
    if (!button || !list) return;
    button.popoverTargetElement = list;
    list.addEventListener("toggle", this.#onToggle);
    list.addEventListener("keydown", this.#onKey);
    list.addEventListener("click", this.#onClick);
    button.addEventListener("keydown", this.#onButtonKey);
  }

  disconnectedCallback(): void {
    this.list?.removeEventListener("toggle", this.#onToggle);
    this.list?.removeEventListener("keydown", this.#onKey);
    this.list?.removeEventListener("click", this.#onClick);
    this.button?.removeEventListener("keydown", this.#onButtonKey);
  }

  #onToggle = (event: Event): void => {
    const open = (event as ToggleEvent).newState === "open";
    this.button?.setAttribute("aria-expanded", String(open));
    if (!open || !this.list || !this.button) return;
    place(this.list, this.button);
    this.list.querySelector<HTMLElement>(`[autofocus], ${ITEMS}, select`)?.focus();
  };

  #onKey = (event: KeyboardEvent): void => {
    if (this.list) walk(this.list, event);
  };

  #onButtonKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" || !this.list) return;
    event.preventDefault();
    this.button?.click();
  };

  #onClick = (event: MouseEvent): void => {
    if ((event.target as Element).closest(ITEMS)) this.list?.hidePopover();
  };
}

/** Move the focus within an open list. */
export function walk(list: HTMLElement, event: KeyboardEvent): void {
  const items = [...list.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const typing = (event.target as Element).matches("input, select, textarea");
  const next = typing ? undefined : target(items, at, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function target(items: HTMLElement[], at: number, key: string): HTMLElement | undefined {
  if (key === "ArrowDown") return items[(at + 1) % items.length];
  if (key === "ArrowUp") return items[(at - 1 + items.length) % items.length];
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  if (key.length !== 1 || key === " ") return undefined;
  const starts = (item: HTMLElement) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase());
  return [...items.slice(at + 1), ...items.slice(0, at + 1)].find(starts);
}

/** Put an open list under its button, or above it where there is more room, never outside the window. */
export function place(list: HTMLElement, button: Element): void {
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const below = anchor.bottom + GAP;
  const above = anchor.top - height - GAP;
  const top = below + height > innerHeight && above > 0 ? above : Math.min(below, innerHeight - height - GAP);
  const left = anchor.left + width > innerWidth - GAP ? anchor.right - width : anchor.left;
  list.style.top = `${Math.max(GAP, top)}px`;
  list.style.left = `${Math.max(GAP, left)}px`;
}

customElements.define("piste-menu", PisteMenu);
