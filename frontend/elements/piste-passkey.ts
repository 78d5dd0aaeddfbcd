/**
 * Asks the device for a passkey when its form is sent, and sends the answer along.
 * What to ask for stands in its JSON, or is fetched from `src`; `create` makes a new passkey instead of using one.
 */
export class PistePasskey extends HTMLElement {
  #answered = false;

  connectedCallback(): void {
    const able = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;
    this.hidden = !able && !this.hasAttribute("create");
    this.addEventListener("submit", this.#onSubmit);
  }

  disconnectedCallback(): void {
    this.removeEventListener("submit", this.#onSubmit);
  }

  #onSubmit = (event: SubmitEvent): void => {
    if (this.#answered) return;
    event.preventDefault();
    event.stopPropagation();
    void this.#ask(event.target as HTMLFormElement);
  };

  async #ask(form: HTMLFormElement): Promise<void> {
    const problem = this.querySelector<HTMLElement>("[role='alert']");
    const button = form.querySelector("button");
    if (problem) problem.hidden = true;
    if (button) button.disabled = true;
    try {
      const credential = await this.#credential(await this.#options());
      const field = form.elements.namedItem("credential") as HTMLInputElement;
      field.value = JSON.stringify(credential);
      this.#answered = true;
      form.submit();
    } catch {
      // Refused, timed out, or no device: the browser itself has said why.
      if (problem) problem.hidden = false;
      if (button) button.disabled = false;
    }
  }

  async #options(): Promise<Options> {
    const src = this.getAttribute("src");
    if (!src) return JSON.parse(this.querySelector("script")?.textContent ?? "{}") as Options;
    const answer = await fetch(src, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.statusText);
    return ((await answer.json()) as { request_options: Options }).request_options;
  }

  async #credential({ publicKey }: Options): Promise<Credential | null> {
    if (this.hasAttribute("create")) {
      const options = PublicKeyCredential.parseCreationOptionsFromJSON(
        publicKey as PublicKeyCredentialCreationOptionsJSON,
      );
      return navigator.credentials.create({ publicKey: options });
    }
    const options = PublicKeyCredential.parseRequestOptionsFromJSON(
      publicKey as PublicKeyCredentialRequestOptionsJSON,
    );
    return navigator.credentials.get({ publicKey: options });
  }
}

interface Options {
  publicKey: PublicKeyCredentialCreationOptionsJSON | PublicKeyCredentialRequestOptionsJSON;
}

customElements.define("piste-passkey", PistePasskey);
