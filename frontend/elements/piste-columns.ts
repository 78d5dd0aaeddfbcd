import { withColumns } from "./address.ts";
import { announce } from "./announce.ts";
import { morph } from "./server.ts";
import { word } from "./words.ts";

const [NARROWEST, WIDEST, STEP] = [64, 640, 32];

/** The heads of a table: dragged to another place or width, by pointer or by keys; Shift sorts by one more. */
export class PisteColumns extends HTMLElement {
  #dragged: HTMLElement | undefined;
  #sizing = false;

  connectedCallback(): void {
    this.addEventListener("click", this.#onClick, true);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("pointerdown", this.#onDown);
    this.addEventListener("dragstart", this.#onStart);
    this.addEventListener("dragover", this.#onOver);
    this.addEventListener("drop", this.#onDrop);
    this.addEventListener("dragend", this.#onEnd);
  }

  get #heads(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("th[data-column]")];
  }

  get #cols(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("col:not(.tick, .rest)")];
  }

  #onClick = (event: MouseEvent): void => {
    const link = (event.target as Element).closest<HTMLElement>("a.sort");
    if (!link || !event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (link.dataset.also) void morph(link.dataset.also);
  };

  #onKey = (event: KeyboardEvent): void => {
    const link = (event.target as Element).closest<HTMLElement>("a.sort");
    const head = link?.closest<HTMLElement>("th");
    if (!link || !head || event.ctrlKey || event.metaKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && event.altKey) void this.#move(head, this.#heads.indexOf(head) + step);
    else if (step && event.shiftKey) void this.#size(head, head.offsetWidth + step * STEP);
    else if (event.key === "Enter" && event.shiftKey) link.dispatchEvent(new MouseEvent("click", event));
    else return;
    event.preventDefault();
  };

  /** Put a column at a place of the row. */
  async #move(head: HTMLElement, place: number): Promise<void> {
    const heads = this.#heads;
    if (place < 0 || place >= heads.length || heads[place] === head) return;
    const others = heads.filter((other) => other !== head);
    await this.#show([...others.slice(0, place), head, ...others.slice(place)]);
    const values = { column: head.dataset.label ?? "", position: place + 1, count: heads.length };
    this.#settle(head, word("column_moved", values));
  }

  /** Give a column a width; the others keep the one they have. */
  async #size(head: HTMLElement, width: number): Promise<void> {
    this.#hold();
    const kept = within(width);
    this.#col(head)?.style.setProperty("width", `${kept}px`);
    await this.#show(this.#heads);
    this.#settle(head, word("column_sized", { column: head.dataset.label ?? "", width: kept }));
  }

  #settle({ id }: HTMLElement, said: string): void {
    document.querySelector<HTMLElement>(`#${CSS.escape(id)} a.sort`)?.focus({ preventScroll: true });
    announce(said);
  }

  #show(heads: HTMLElement[]): Promise<void> {
    const columns = heads.map((head): [string, number] => {
      const col = this.#col(head);
      const width = Number.parseInt(col?.style.width || col?.getAttribute("width") || "0", 10);
      return [head.dataset.column ?? "", width];
    });
    return morph(withColumns(location.href, columns), { replace: true });
  }

  #col(head: HTMLElement): HTMLElement | undefined {
    return this.#cols[this.#heads.indexOf(head)];
  }

  /** Write every column's present width down, so that only one changes. */
  #hold(): void {
    const widths = this.#heads.map((head) => head.offsetWidth);
    for (const [place, col] of this.#cols.entries()) col.style.width = `${within(widths[place] ?? 0)}px`;
    const table = this.querySelector("table.rows");
    if (table?.classList.contains("sized")) return;
    table?.classList.add("sized");
    this.querySelector("colgroup")?.append(document.createElement("col"));
    this.querySelector("colgroup > col:last-child")?.classList.add("rest");
  }

  #onDown = (event: PointerEvent): void => {
    const grip = (event.target as Element).closest<HTMLElement>("[data-grip]");
    const head = grip?.closest<HTMLElement>("th");
    if (!grip || !head || event.button) return;
    this.#sizing = true;
    this.#hold();
    const [start, first, col] = [event.clientX, head.offsetWidth, this.#col(head)];
    const follow = ({ clientX }: PointerEvent) =>
      col?.style.setProperty("width", `${within(first + clientX - start)}px`);
    const end = ({ clientX, type }: PointerEvent) => {
      this.#sizing = false;
      grip.removeEventListener("pointermove", follow);
      void this.#size(head, type === "pointerup" ? first + clientX - start : first);
    };
    grip.setPointerCapture(event.pointerId);
    grip.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"] as const)
      grip.addEventListener(name, end, { once: true });
  };

  #onStart = (event: DragEvent): void => {
    const head = (event.target as Element).closest<HTMLElement>("th[data-column]");
    if (this.#sizing) event.preventDefault();
    else if (head) {
      this.#dragged = head;
      event.dataTransfer?.setData("text/plain", head.dataset.label ?? "");
    }
  };

  #onOver = (event: DragEvent): void => {
    const head = (event.target as Element).closest<HTMLElement>("th[data-column]");
    if (!this.#dragged || !head) return;
    event.preventDefault();
    const heads = this.#heads;
    for (const other of heads) delete other.dataset.drop;
    if (head !== this.#dragged)
      head.dataset.drop = heads.indexOf(head) < heads.indexOf(this.#dragged) ? "before" : "after";
  };

  #onDrop = (event: DragEvent): void => {
    const head = (event.target as Element).closest<HTMLElement>("th[data-column]");
    if (!this.#dragged || !head) return;
    event.preventDefault();
    void this.#move(this.#dragged, this.#heads.indexOf(head));
  };

  #onEnd = (): void => {
    this.#dragged = undefined;
    for (const head of this.#heads) delete head.dataset.drop;
  };
}

function within(width: number): number {
  return Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
}

customElements.define("piste-columns", PisteColumns);
