/** The words scripts say. The page carries them in the reader's language (#words); these are the English ones. */
const english = {
  all_selected: "All {count} selected",
  cards_shown: "{lane}, cards: {count}",
  column_moved: "{column}: column {position} of {count}",
  column_sized: "{column}: {width} pixels wide",
  copied: "Link copied",
  discard: "Discard",
  failed: "That did not work. Nothing was changed.",
  help_arrows: "Next and previous card or row",
  help_column: "Move a column by its title",
  help_dismiss: "Close, clear the selection",
  help_enter: "Open",
  help_full: "Open as a page",
  help_menu: "Move to another lane",
  help_move: "Move the card one lane",
  help_regions: "Next region of the page",
  help_sort: "Sort by one column more",
  help_width: "Make a column wider or narrower",
  help_select: "Select",
  help_space: "Peek in the panel",
  keep: "Keep editing",
  key_space: "Space",
  keys_title: "Keyboard shortcuts",
  locked: "Cards cannot be moved here: {reason}",
  move_to: "Move to",
  moved: "{card} moved to {lane}, position {position} of {count}",
  nothing_found: "Nothing found",
  offline: "The server cannot be reached. Nothing was saved.",
  open_card: "Open",
  page_loaded: "{title} loaded",
  palette: "Search and commands",
  palette_choose: "choose",
  palette_commands: "commands",
  palette_help: "help",
  palette_open: "open it",
  palette_panel: "in the panel",
  palette_people: "people",
  palette_placeholder: "Search, go to, create…",
  palette_tags: "tags",
  remove: "Remove",
  select_card: "Select",
  select_first: "Select a record first.",
  select_found: "Select all {count} found",
  selected: "{count} selected",
  show_password: "Show the password",
  too_many_found: "{count} found, at most {limit} at once",
  try_again: "Try again",
  undo: "Undo",
  unsaved: "What you entered has not been saved.",
  close: "Close",
  was_put_back: "{card} is back in {lane}",
} as const;

export type Word = keyof typeof english;
export type Values = Record<string, string | number>;

let translated: Partial<Record<Word, string>> | undefined;

/** Put values into the {places} of a sentence. */
export function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export function word(key: Word, values: Values = {}): string {
  translated ??= JSON.parse(document.getElementById("words")?.textContent || "{}") as typeof translated;
  return fill(translated?.[key] ?? english[key], values);
}
