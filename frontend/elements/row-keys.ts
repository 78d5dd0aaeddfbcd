import type { PisteSelect } from "./piste-select.ts";
import { visit } from "./server.ts";

/** The keys of a row of a list that has the focus; the board has keys of its own. */
export function onRowKey(select: PisteSelect, event: KeyboardEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("[data-open]");
  const row = link?.closest<HTMLElement>("tr[data-id]");
  if (!link || !row || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key !== "a") return;
    select.all(true);
  } else if (!act(select, row, link, event)) return;
  event.preventDefault();
  event.stopPropagation();
}

function act(
  select: PisteSelect,
  row: HTMLElement,
  { href }: HTMLAnchorElement,
  { key, shiftKey }: KeyboardEvent,
): boolean {
  const id = row.dataset.id ?? "";
  const letters = document.body.dataset.shortcuts !== "off";
  if (key === "ArrowDown" || (letters && key === "j")) go(select, row, 1, shiftKey);
  else if (key === "ArrowUp" || (letters && key === "k")) go(select, row, -1, shiftKey);
  else if (letters && key === "x") select.toggle(id);
  else if (letters && key === "e") visit(`${href}edit/`);
  else if (key === "Enter" && shiftKey) visit(href);
  else if (key === " ") void document.querySelector("piste-panel")?.open(id, href, { peek: true });
  else return false;
  return true;
}

function go(select: PisteSelect, from: HTMLElement, step: 1 | -1, extend: boolean): void {
  const rows = select.items();
  const row = rows[rows.indexOf(from) + step];
  if (!row) return;
  row.querySelector<HTMLElement>("[data-open]")?.focus();
  row.scrollIntoView({ block: "nearest" });
  if (!extend) return;
  for (const { dataset } of [from, row]) {
    if (dataset.id && !select.has(dataset.id)) select.toggle(dataset.id);
  }
}
