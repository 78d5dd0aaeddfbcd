import { icon } from "./icon.ts";
import { word } from "./words.ts";

/** A password that can be looked at. */
export class PistePeek extends HTMLElement {
  #button = document.createElement("button");

  connectedCallback(): void {
    if (this.#button.isConnected) return;
    this.#button.type = "button";
    this.#button.className = "peek";
    this.#button.setAttribute("aria-label", word("show_password"));
    this.#button.setAttribute("aria-pressed", "false");
    this.#button.append(icon("eye"));
    this.#button.addEventListener("click", this.#toggle);
    this.append(this.#button);
  }

  disconnectedCallback(): void {
    this.#button.removeEventListener("click", this.#toggle);
    this.#button.remove();
  }

  #toggle = (): void => {
    const input = this.querySelector("input");
    if (!input) return;
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    this.#button.setAttribute("aria-pressed", String(shown));
    this.#button.replaceChildren(icon(shown ? "eye-off" : "eye"));
  };
}

customElements.define("piste-peek", PistePeek);
