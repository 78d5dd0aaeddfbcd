import { announce } from "./announce.ts";
import { icon } from "./icon.ts";
import { localMatches, marked } from "./matching.ts";
import { ask, send, visit } from "./server.ts";
import { word } from "./words.ts";

/** One field for everything: go, create, act, find. It shows what the page knows at once, then what the server finds. */
export class PistePalette extends HTMLElement {
  #dialog = document.createElement("dialog");
  #input = document.createElement("input");
  #list = document.createElement("div");
  #timer = 0;
  #at = 0;

  connectedCallback(): void {
    if (this.#dialog.isConnected) return;
    this.#dialog.className = "palette";
    this.#dialog.setAttribute("aria-label", word("palette"));
    this.#list.id = "palette-list";
    this.#list.className = "palette-found";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", word("palette"));
    const given = {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "true",
      "aria-controls": "palette-list",
      "aria-autocomplete": "list",
      "aria-label": word("palette"),
      placeholder: word("palette_placeholder"),
    };
    for (const [name, value] of Object.entries(given)) this.#input.setAttribute(name, value);
    const head = document.createElement("div");
    head.className = "palette-ask";
    head.append(icon("search"), this.#input, key("Esc"));
    this.#dialog.append(head, this.#list, this.#foot());
    this.append(this.#dialog);
    this.#input.addEventListener("input", this.#onInput);
    this.#input.addEventListener("keydown", this.#onKey);
    this.#list.addEventListener("click", this.#onPick);
    this.#list.addEventListener("pointermove", this.#onPoint);
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  open(): void {
    if (this.#dialog.open) return;
    this.#input.value = "";
    this.#draw(localMatches("", document));
    this.#dialog.showModal();
    void this.#search();
  }

  #foot(): HTMLElement {
    const foot = document.createElement("footer");
    foot.className = "palette-foot";
    for (const [keys, label] of [
      ["↑ ↓", "palette_choose"],
      ["↵", "palette_open"],
      ["⇧ ↵", "palette_panel"],
    ] as const) {
      const hint = document.createElement("span");
      hint.append(...keys.split(" ").map(key), ` ${word(label)}`);
      foot.append(hint);
    }
    return foot;
  }

  get #options(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>("[role='option']")];
  }

  #draw(content: Node | string): void {
    if (typeof content === "string") this.#list.innerHTML = content;
    else this.#list.replaceChildren(content);
    for (const [index, option] of this.#options.entries()) {
      option.id = `palette-${index}`;
      marked(option, this.#input.value);
    }
    if (!this.#options.length)
      this.#list.replaceChildren(
        Object.assign(document.createElement("p"), {
          className: "palette-none",
          textContent: word("nothing_found"),
        }),
      );
    this.#select(0);
  }

  #select(index: number): void {
    const options = this.#options;
    this.#at = options.length ? (index + options.length) % options.length : 0;
    for (const [each, option] of options.entries())
      option.setAttribute("aria-selected", String(each === this.#at));
    const current = options[this.#at];
    this.#input.setAttribute("aria-activedescendant", current?.id ?? "");
    current?.scrollIntoView({ block: "nearest" });
  }

  async #search(): Promise<void> {
    const query = this.#input.value;
    const search = new URLSearchParams({ q: query, on: location.pathname + location.search });
    const answer = await send(`${this.getAttribute("src")}?${search}`);
    if (!answer.ok || query !== this.#input.value) return;
    this.#draw(answer.text);
    if (query) announce(`${this.#options.length}`);
  }

  #run(option: HTMLElement | undefined, event: KeyboardEvent | MouseEvent): void {
    const { url = "", how = "go", local = "", id = "" } = option?.dataset ?? {};
    if (!option) return;
    this.#dialog.close();
    if (local) document.querySelector<HTMLElement>(`[data-keys="${CSS.escape(local)}"]`)?.click();
    else if (event.ctrlKey || event.metaKey) window.open(url, "_blank", "noopener");
    else if (how === "dialog") ask(url);
    else if (how === "post") void send(url, {});
    else if (event.shiftKey && id) void document.querySelector("piste-panel")?.open(id, url);
    else visit(url);
  }

  #onInput = (): void => {
    clearTimeout(this.#timer);
    this.#draw(localMatches(this.#input.value, document));
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
    const option = (event.target as Element).closest<HTMLElement>("[role='option']");
    event.preventDefault();
    if (option) this.#run(option, event);
  };

  #onPoint = (event: PointerEvent): void => {
    const option = (event.target as Element).closest<HTMLElement>("[role='option']");
    if (option && option.getAttribute("aria-selected") !== "true")
      this.#select(this.#options.indexOf(option));
  };
}

function key(label: string): HTMLElement {
  return Object.assign(document.createElement("kbd"), { className: "kbd", textContent: label });
}

customElements.define("piste-palette", PistePalette);
