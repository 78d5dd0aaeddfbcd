/** Keys as the page writes them: "mod+k", "g p", "?". */

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** The name of a key press, or "" when it is none of ours (Alt makes characters on many keyboards). */
export function keyName(event: Pressed): string {
  if (event.altKey || event.key === "Shift" || event.key === "Control" || event.key === "Meta") return "";
  const mod = event.ctrlKey || event.metaKey;
  const key =
    event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase().replace("escape", "esc");
  // A shifted letter is a key of its own; "?" is what it is, with Shift on one keyboard and without on another.
  const shifted = event.shiftKey && (mod || key.length > 1 || /^[a-z]$/.test(key)) ? "shift+" : "";
  return `${mod ? "mod+" : ""}${shifted}${key}`;
}

/** Single characters can be switched off (WCAG 2.1.4); what is held down with Ctrl cannot be hit by accident. */
export function isCharacter(name: string): boolean {
  return name.replace(/^shift\+(?=.$)/, "").length === 1;
}

/** Collects key presses until they spell one of the known sequences. */
export class Sequence {
  #typed: string[] = [];
  #last = 0;
  readonly #patience: number;

  constructor(patience = 1000) {
    this.#patience = patience;
  }

  /** The sequence this press completes, "" when it may still become one, undefined when it is none. */
  press(name: string, known: ReadonlySet<string>, now: number): string | undefined {
    if (now - this.#last > this.#patience) this.#typed = [];
    this.#last = now;
    this.#typed.push(name);
    const spelled = this.#typed.join(" ");
    if (known.has(spelled)) {
      this.#typed = [];
      return spelled;
    }
    if ([...known].some((keys) => keys.startsWith(`${spelled} `))) return "";
    const alone = this.#typed.length > 1;
    this.#typed = [];
    return alone ? this.press(name, known, now) : undefined;
  }
}
