const ITEMS = "a.menu-item, button.menu-item";
const GAP = 4;

/** A button and the list it opens: arrows walk, letters jump, a choice closes. */
export class PisteMenu extends HTMLElement {
  // Looked up each time: a morph may have put others in their place.
  get button(): HTMLButtonElement | null {
    return this.querySelector("button");
  }

  get list(): HTMLElement | null {
    return this.querySelector("[popover]");
  }

  connectedCallback(): void {
    this.addEventListener("pointerdown", this.#tie);
    this.addEventListener("click", this.#tie, true);
    this.addEventListener("click", this.#onClick);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("toggle", this.#onToggle, true);
    this.addEventListener("htmx:after:swap", this.#onFilled);
    document.addEventListener("htmx:after:settle", this.#onSettled);
  }

  disconnectedCallback(): void {
    this.removeEventListener("pointerdown", this.#tie);
    this.removeEventListener("click", this.#tie, true);
    this.removeEventListener("click", this.#onClick);
    this.removeEventListener("keydown", this.#onKey);
    this.removeEventListener("toggle", this.#onToggle, true);
    this.removeEventListener("htmx:after:swap", this.#onFilled);
    document.removeEventListener("htmx:after:settle", this.#onSettled);
  }

  /** The browser itself opens and closes a list that is tied to its button. */
  #tie = (): void => {
    if (this.button) this.button.popoverTargetElement = this.list;
  };

  #onToggle = (event: Event): void => {
    const open = (event as ToggleEvent).newState === "open";
    this.button?.setAttribute("aria-expanded", String(open));
    if (open) this.#settle();
  };

  /** A list that is fetched when it opens is placed again when it is there. */
  #onFilled = (): void => {
    if (this.list?.matches(":popover-open")) this.#settle();
  };

  /** The list may have stayed open while the page around it was brought up to date. */
  #onSettled = (): void => {
    if (this.list?.matches(":popover-open")) this.button?.setAttribute("aria-expanded", "true");
  };

  #settle(): void {
    if (!this.list || !this.button) return;
    place(this.list, this.button);
    this.list.querySelector<HTMLElement>(`[autofocus], ${ITEMS}, select`)?.focus();
  }

  #onKey = (event: KeyboardEvent): void => {
    const { button, list } = this;
    if (list?.contains(event.target as Node)) walk(list, event);
    else if (event.key === "ArrowDown" && event.target === button) {
      event.preventDefault();
      button?.click();
    }
  };

  #onClick = (event: MouseEvent): void => {
    const item = (event.target as Element).closest(ITEMS);
    if (item && this.list?.contains(item) && !item.hasAttribute("data-stay")) this.list.hidePopover();
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
