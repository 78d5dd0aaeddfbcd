"""Words that scripts say and names of what was done, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

#: The same keys and English words as `frontend/elements/words.ts`; a test compares them.
SCRIPTS = {
    "cards_shown": _("{lane}, cards: {count}"),
    "column_moved": _("{column}: column {position} of {count}"),
    "column_sized": _("{column}: {width} pixels wide"),
    "copied": _("Link copied"),
    "discard": _("Discard"),
    "failed": _("That did not work. Nothing was changed."),
    "help_arrows": _("Next and previous card or row"),
    "help_column": _("Move a column by its title"),
    "help_dismiss": _("Close, clear the selection"),
    "help_enter": _("Open"),
    "help_full": _("Open as a page"),
    "help_menu": _("Move to another lane"),
    "help_move": _("Move the card one lane"),
    "help_regions": _("Next region of the page"),
    "help_sort": _("Sort by one column more"),
    "help_width": _("Make a column wider or narrower"),
    "help_select": _("Select"),
    "help_space": _("Peek in the panel"),
    "key_space": pgettext_lazy("key of the keyboard", "Space"),
    "keep": _("Keep editing"),
    "keys_title": _("Keyboard shortcuts"),
    "locked": _("Cards cannot be moved here: {reason}"),
    "move_to": _("Move to"),
    "moved": _("{card} moved to {lane}, position {position} of {count}"),
    "nothing_found": _("Nothing found"),
    "offline": _("The server cannot be reached. Nothing was saved."),
    "open_card": _("Open"),
    "page_loaded": _("{title} loaded"),
    "palette": _("Search and commands"),
    "palette_choose": _("choose"),
    "palette_commands": _("commands"),
    "palette_help": _("help"),
    "palette_open": _("open it"),
    "palette_panel": _("in the panel"),
    "palette_people": _("people"),
    "palette_placeholder": _("Search, go to, create…"),
    "palette_tags": _("tags"),
    "remove": _("Remove"),
    "select_card": _("Select"),
    "select_first": _("Select a record first."),
    "all_selected": _("All {count} selected"),
    "select_found": _("Select all {count} found"),
    "too_many_found": _("{count} found, at most {limit} at once"),
    "selected": _("{count} selected"),
    "show_password": _("Show the password"),
    "try_again": _("Try again"),
    "undo": _("Undo"),
    "unsaved": _("What you entered has not been saved."),
    "close": _("Close"),
    "was_put_back": _("{card} is back in {lane}"),
}

#: What an operation is called in the history, by the last part of its command.
COMMANDS = {
    "archive": pgettext_lazy("act", "archived"),
    "assign": pgettext_lazy("act", "assigned"),
    "automatic": pgettext_lazy("act", "made the probability automatic"),
    "change": pgettext_lazy("act", "changed"),
    "create": pgettext_lazy("act", "created"),
    "deactivate": pgettext_lazy("act", "deactivated"),
    "delete": pgettext_lazy("act", "deleted"),
    "different": pgettext_lazy("act", "told apart"),
    "edit": pgettext_lazy("act", "changed"),
    "import": pgettext_lazy("act", "imported a file"),
    "insert": pgettext_lazy("act", "created"),
    "invite": pgettext_lazy("act", "invited"),
    "lose": pgettext_lazy("act", "marked as lost"),
    "merge": pgettext_lazy("act", "merged"),
    "move": pgettext_lazy("act", "moved"),
    "reactivate": pgettext_lazy("act", "reactivated"),
    "remove": pgettext_lazy("act", "removed"),
    "reopen": pgettext_lazy("act", "reopened"),
    "rescore": pgettext_lazy("act", "scored open deals anew"),
    "sample": pgettext_lazy("act", "loaded the sample company"),
    "skip": pgettext_lazy("act", "skipped a first step"),
    "tag": pgettext_lazy("act", "tagged"),
    "take-away-factors": pgettext_lazy("act", "took away second factors"),
    "unarchive": pgettext_lazy("act", "taken out of the archive"),
    "undo": pgettext_lazy("act", "undone"),
    "update": pgettext_lazy("act", "changed"),
    "win": pgettext_lazy("act", "marked as won"),
}


@lru_cache
def _scripts(_language: str) -> dict[str, str]:
    return {key: str(word) for key, word in SCRIPTS.items()}


def script_words() -> dict[str, str]:
    """The words of scripts for the page's language."""
    return _scripts(get_language() or "en")


def command_label(command: str) -> str:
    """What the history calls an operation: "moved" for `opportunity.move`."""
    name = command.rpartition(".")[2]
    return str(COMMANDS.get(name, name))
