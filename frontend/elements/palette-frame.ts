import { icon } from "./icon.ts";
import { kbd, make } from "./make.ts";
import { word } from "./words.ts";

/** The parts of the palette: its dialog, the field one types in, the list of what was found. */
export interface Frame {
  dialog: HTMLDialogElement;
  input: HTMLInputElement;
  list: HTMLElement;
}

export function paletteFrame(): Frame {
  const label = word("palette");
  const input = make("input", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    "aria-autocomplete": "list",
    "aria-label": label,
    placeholder: word("palette_placeholder"),
  });
  const list = make("div", {
    id: "palette-list",
    class: "palette-found",
    role: "listbox",
    "aria-label": label,
  });
  const ask = make("div", { class: "palette-ask" }, icon("search"), input, kbd("Esc"));
  const foot = make(
    "footer",
    { class: "palette-foot" },
    hint("↑ ↓", word("palette_choose")),
    hint("↵", word("palette_open")),
    hint("⇧ ↵", word("palette_panel")),
    make(
      "span",
      { class: "palette-kinds" },
      hint(">", word("palette_commands")),
      hint("@", word("palette_people")),
      hint("#", word("palette_tags")),
      hint("?", word("palette_help")),
    ),
  );
  return { dialog: make("dialog", { class: "palette", "aria-label": label }, ask, list, foot), input, list };
}

function hint(keys: string, label: string): HTMLElement {
  return make("span", {}, ...keys.split(" ").map(kbd), ` ${label}`);
}
