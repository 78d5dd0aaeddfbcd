import type { PisteBoard } from "./piste-board.ts";
import type { PisteCell } from "./piste-cell.ts";
import type { PisteDialog } from "./piste-dialog.ts";
import type { PistePalette } from "./piste-palette.ts";
import type { PistePanel } from "./piste-panel.ts";
import type { PisteQuick } from "./piste-quick.ts";
import type { PisteSelect } from "./piste-select.ts";
import type { PisteToasts } from "./piste-toasts.ts";

declare global {
  interface HTMLElementTagNameMap {
    "piste-board": PisteBoard;
    "piste-cell": PisteCell;
    "piste-dialog": PisteDialog;
    "piste-palette": PistePalette;
    "piste-panel": PistePanel;
    "piste-quick": PisteQuick;
    "piste-select": PisteSelect;
    "piste-toasts": PisteToasts;
  }
}
