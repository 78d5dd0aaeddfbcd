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
  if (document.querySelector("piste-merge")) void import("./piste-merge.ts");
}

async function openPalette(): Promise<void> {
  await import("./piste-palette.ts");
  document.querySelector<PistePalette>("piste-palette")?.open();
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
