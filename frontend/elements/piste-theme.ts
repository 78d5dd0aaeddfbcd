/** Shows the chosen theme and density at once; the form around it keeps them. */
export class PisteTheme extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("change", this.#onChange);
  }

  disconnectedCallback(): void {
    this.removeEventListener("change", this.#onChange);
  }

  #onChange = (event: Event): void => {
    const { name, value } = event.target as HTMLInputElement | HTMLSelectElement;
    if (name !== "theme" && name !== "density") return;
    document.documentElement.dataset[name] = value;
    // biome-ignore lint/suspicious/noDocumentCookie: the sign-in page has no other way to know
    document.cookie = `piste_${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  };
}

customElements.define("piste-theme", PisteTheme);
