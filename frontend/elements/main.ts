/** What every page loads. The board, the heads of tables, the palette and the confetti come when they are first needed. */
import "htmx.org";
import "./page.ts";
import "./piste-cell.ts";
import "./piste-dialog.ts";
import "./piste-filter.ts";
import "./piste-keys.ts";
import "./piste-lookup.ts";
import "./piste-menu.ts";
import "./piste-panel.ts";
import "./piste-passkey.ts";
import "./piste-peek.ts";
import "./piste-select.ts";
import "./piste-theme.ts";
import "./piste-toasts.ts";
import type { PistePalette } from "./piste-palette.ts";
import { say } from "./server.ts";

function loadMode(): void {
  if (document.querySelector("piste-board")) void import("./piste-board.ts");
  if (document.querySelector("piste-columns")) void import("./piste-columns.ts");
  if (document.querySelector("piste-fill")) void import("./piste-fill.ts");
  if (document.querySelector("piste-merge")) void import("./piste-merge.ts");
}

/** What is typed before the palette has come is meant for it, not for the page. */
async function openPalette(): Promise<void> {
  let typed = "";
  const keep = (event: KeyboardEvent) => {
    if (event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    typed += event.key;
  };
  window.addEventListener("keydown", keep, true);
  try {
    await import("./piste-palette.ts");
  } finally {
    window.removeEventListener("keydown", keep, true);
  }
  document.querySelector<PistePalette>("piste-palette")?.open(typed);
}

async function celebrate(event: Event): Promise<void> {
  const { text } = (event as CustomEvent<{ text?: string }>).detail;
  if (text) say({ text });
  await import("./piste-confetti.ts");
  document.body.append(document.createElement("piste-confetti"));
}

document.addEventListener("htmx:after:swap", loadMode);
document.addEventListener("celebrate", (event) => void celebrate(event));
document.addEventListener("click", (event) => {
  if ((event.target as Element).closest("[data-palette]")) void openPalette();
});
loadMode();
