import { icon } from "./icon.ts";
import { button } from "./make.ts";
import { word } from "./words.ts";

/** A password that can be looked at. */
export class PistePeek extends HTMLElement {
  #button = button({ class: "peek", "aria-pressed": "false" }, () => this.#toggle());

  connectedCallback(): void {
    this.#button.setAttribute("aria-label", word("show_password"));
    this.#button.replaceChildren(icon("eye"));
    this.append(this.#button);
  }

  disconnectedCallback(): void {
    this.#button.remove();
  }

  #toggle(): void {
    const input = this.querySelector("input");
    if (!input) return;
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    this.#button.setAttribute("aria-pressed", String(shown));
    this.#button.replaceChildren(icon(shown ? "eye-off" : "eye"));
  }
}

customElements.define("piste-peek", PistePeek);
