import { announce } from "./announce.ts";
import { make } from "./make.ts";
import { asked, localMatches, marked } from "./matching.ts";
import { paletteFrame } from "./palette-frame.ts";
import { ask, send, visit } from "./server.ts";
import { word } from "./words.ts";

/** One field for everything: go, create, act, find. It shows what the page knows at once, then what the server finds. */
export class PistePalette extends HTMLElement {
  #frame = paletteFrame();
  #timer = 0;
  #at = 0;

  connectedCallback(): void {
    const { dialog, input, list } = this.#frame;
    this.replaceChildren(dialog);
    input.addEventListener("input", this.#onInput);
    input.addEventListener("keydown", this.#onKey);
    list.addEventListener("click", this.#onPick);
    list.addEventListener("pointermove", this.#onPoint);
    dialog.addEventListener("click", this.#onOutside);
  }

  disconnectedCallback(): void {
    const { dialog, input, list } = this.#frame;
    clearTimeout(this.#timer);
    input.removeEventListener("input", this.#onInput);
    input.removeEventListener("keydown", this.#onKey);
    list.removeEventListener("click", this.#onPick);
    list.removeEventListener("pointermove", this.#onPoint);
    dialog.removeEventListener("click", this.#onOutside);
  }

  open(typed = ""): void {
    const { dialog, input } = this.#frame;
    if (dialog.open) return;
    input.value = typed;
    this.#draw();
    dialog.showModal();
    void this.#search();
  }

  get #options(): HTMLElement[] {
    return [...this.#frame.list.querySelectorAll<HTMLElement>("[role='option']")];
  }

  /** The page alone knows its keys, so help is what it offers and what the server does. */
  #draw(found?: string): void {
    const { input, list } = this.#frame;
    const fetched = make("template", {});
    fetched.innerHTML = found ?? "";
    const own =
      found === undefined || asked(input.value).prefix === "?" ? [localMatches(input.value, document)] : [];
    list.replaceChildren(...own, fetched.content);
    for (const [index, option] of this.#options.entries()) {
      option.id = `palette-${index}`;
      marked(option, input.value);
    }
    const nothing = make(
      "p",
      { class: "palette-none", role: "option", "aria-disabled": "true" },
      word("nothing_found"),
    );
    if (!this.#options.length) list.replaceChildren(nothing);
    this.#select(0);
  }

  #select(index: number): void {
    const options = this.#options;
    this.#at = options.length ? (index + options.length) % options.length : 0;
    for (const [each, option] of options.entries())
      option.setAttribute("aria-selected", String(each === this.#at));
    const current = options[this.#at];
    this.#frame.input.setAttribute("aria-activedescendant", current?.id ?? "");
    current?.scrollIntoView({ block: "nearest" });
  }

  async #search(): Promise<void> {
    const { input } = this.#frame;
    const query = input.value;
    const search = new URLSearchParams({ q: query, on: subject() });
    const answer = await send(`${this.getAttribute("src")}?${search}`);
    if (!answer.ok || query !== input.value) return;
    this.#draw(answer.text);
    if (query) announce(String(this.#options.length));
  }

  #run(option: HTMLElement | undefined, event: KeyboardEvent | MouseEvent): void {
    const { url = "", how = "go", local = "", id = "" } = option?.dataset ?? {};
    if (!url && !local) return;
    this.#frame.dialog.close();
    if (local) press(document.querySelector<HTMLElement>(`[data-keys="${CSS.escape(local)}"]`));
    else if (event.ctrlKey || event.metaKey) window.open(url, "_blank", "noopener");
    else if (how === "dialog") ask(url);
    else if (how === "post") void send(url, {});
    else if (event.shiftKey && id) void document.querySelector("piste-panel")?.open(id, url);
    else visit(url);
  }

  #onInput = (): void => {
    clearTimeout(this.#timer);
    this.#draw();
    this.#timer = window.setTimeout(() => void this.#search(), 80);
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") this.#select(this.#at + 1);
    else if (event.key === "ArrowUp") this.#select(this.#at - 1);
    else if (event.key === "Enter" && !event.isComposing) this.#run(this.#options[this.#at], event);
    else return;
    event.preventDefault();
  };

  #onPick = (event: MouseEvent): void => {
    event.preventDefault();
    this.#run(optionAt(event), event);
  };

  #onPoint = (event: PointerEvent): void => {
    const option = optionAt(event);
    if (option && option.getAttribute("aria-selected") !== "true")
      this.#select(this.#options.indexOf(option));
  };

  #onOutside = (event: MouseEvent): void => {
    if (event.target === this.#frame.dialog) this.#frame.dialog.close();
  };
}

function optionAt(event: MouseEvent): HTMLElement | undefined {
  return (event.target as Element).closest<HTMLElement>("[role='option']") ?? undefined;
}

/** Do what the key of the element does: write in a field, else click. */
function press(element: HTMLElement | null): void {
  if (element?.matches("input")) element.focus();
  else element?.click();
}

/** What the actions are about: the record in the panel, else the page. */
function subject(): string {
  const beside = document.querySelector<HTMLAnchorElement>("piste-panel:not([hidden]) [data-full]");
  return beside ? beside.pathname : location.pathname + location.search;
}

customElements.define("piste-palette", PistePalette);
