import { isCharacter, keyName, Sequence } from "./sequence.ts";

const REGIONS = [
  "#nav",
  ".filters",
  "#results, .record, .page-scroll",
  "#panel:not([hidden])",
  "#toasts:popover-open",
];
const FOCUSABLE =
  "a[href], button:not(:disabled), input:not([type='hidden']), select, textarea, [tabindex='0']";

/** The keyboard map. It is written where the things are: `data-keys` on the link, button or field a key stands for. */
export class PisteKeys extends HTMLElement {
  #sequence = new Sequence();

  connectedCallback(): void {
    document.addEventListener("keydown", this.#onKey);
    document.addEventListener("click", this.#onClick);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#onKey);
    document.removeEventListener("click", this.#onClick);
  }

  #onKey = (event: KeyboardEvent): void => {
    const name = keyName(event);
    if (!name || event.defaultPrevented || event.isComposing) return;
    if (isTyping(event.target) && !name.startsWith("mod+")) return;
    if (isCharacter(name) && document.body.dataset.shortcuts === "off") return;
    if (this.#own(name)) {
      event.preventDefault();
      return;
    }
    const keyed = scope();
    const known = new Set([...keyed].map((element) => element.dataset.keys ?? ""));
    const done = this.#sequence.press(name, known, event.timeStamp);
    if (done === undefined) return;
    event.preventDefault();
    if (done) press(nearest([...keyed].filter((element) => element.dataset.keys === done)));
  };

  /** What no single element stands for. */
  #own(name: string): boolean {
    const open = document.querySelector("dialog[open], [popover]:not(#toasts):popover-open");
    if (name === "mod+enter") return submit();
    if (open) return false;
    if (name === "mod+z" || name === "mod+shift+z") {
      if (isTyping(document.activeElement)) return false;
      void document.querySelector("piste-toasts")?.back(name === "mod+shift+z");
      return true;
    }
    if (name === "f6" || name === "shift+f6") return nextRegion(name === "f6" ? 1 : -1);
    if (name !== "esc") return false;
    const panel = document.querySelector("piste-panel");
    if (panel && !panel.hidden) panel.close();
    else document.dispatchEvent(new CustomEvent("clear-selection"));
    return true;
  }

  #onClick = (event: MouseEvent): void => {
    if (!(event.target as Element).closest("[data-help]")) return;
    void import("./help.ts").then(({ showHelp }) =>
      showHelp(document.querySelectorAll<HTMLElement>("[data-keys]")),
    );
  };
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    !!target.closest("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable]")
  );
}

/** Within an open dialog only its own keys count. */
function scope(): NodeListOf<HTMLElement> {
  return (document.querySelector("dialog[open]") ?? document).querySelectorAll<HTMLElement>("[data-keys]");
}

/** Of several things with one key, the one in the part of the page where the focus is. */
function nearest(candidates: HTMLElement[]): HTMLElement | undefined {
  const region = document.activeElement?.closest("piste-panel, dialog, main, nav");
  return candidates.find((element) => region?.contains(element)) ?? candidates[0];
}

function press(element: HTMLElement | undefined): void {
  if (!element) return;
  if (!element.matches("input, textarea, select")) {
    element.click();
    return;
  }
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

function submit(): boolean {
  const form =
    document.activeElement?.closest("form") ??
    document.querySelector<HTMLFormElement>("dialog[open] form, form.sheet");
  form?.requestSubmit();
  return !!form;
}

function nextRegion(step: 1 | -1): boolean {
  const regions = REGIONS.map((selector) => document.querySelector<HTMLElement>(selector)).filter(
    (region) => region !== null,
  );
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const region = regions[(at + step + regions.length) % regions.length];
  const within = [...(region?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
  const first = within.find(
    (element) =>
      element.tabIndex >= 0 &&
      element.checkVisibility() &&
      !element.closest(".filters") === !region?.matches(".filters"),
  );
  (first ?? region)?.focus();
  return true;
}

customElements.define("piste-keys", PisteKeys);
