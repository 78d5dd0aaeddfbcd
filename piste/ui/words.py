"""Words that scripts say and names of what was done, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

#: The same keys and English words as `frontend/elements/words.ts`; a test compares them.
SCRIPTS = {
    "cards_shown": _("{lane}, {count} cards"),
    "copied": _("Link copied"),
    "discard": _("Discard"),
    "failed": _("That did not work. Nothing was changed."),
    "help_arrows": _("Next and previous card or row"),
    "help_dismiss": _("Close, clear the selection"),
    "help_enter": _("Open"),
    "help_full": _("Open as a page"),
    "help_menu": _("Move to another lane"),
    "help_move": _("Move the card one lane"),
    "help_regions": _("Next region of the page"),
    "help_select": _("Select"),
    "help_space": _("Peek in the panel"),
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
    "palette_open": _("open it"),
    "palette_panel": _("in the panel"),
    "palette_placeholder": _("Search, go to, create…"),
    "remove": _("Remove"),
    "select_card": _("Select"),
    "select_first": _("Select a record first."),
    "selected": _("{count} selected"),
    "show_password": _("Show the password"),
    "undo": _("Undo"),
    "unsaved": _("What you entered has not been saved."),
    "close": _("Close"),
    "was_put_back": _("{card} is back in {lane}"),
}

#: What an operation is called in the history, by the last part of its command.
COMMANDS = {
    "archive": _("archived"),
    "assign": _("assigned"),
    "change": _("changed"),
    "create": _("created"),
    "deactivate": _("deactivated"),
    "delete": _("deleted"),
    "edit": _("changed"),
    "import": _("imported a file"),
    "insert": _("created"),
    "invite": _("invited"),
    "lose": _("marked as lost"),
    "merge": _("merged"),
    "move": _("moved"),
    "reactivate": _("reactivated"),
    "remove": _("removed"),
    "reopen": _("reopened"),
    "sample": _("loaded the sample company"),
    "tag": _("tagged"),
    "unarchive": _("taken out of the archive"),
    "undo": _("undone"),
    "update": _("changed"),
    "win": _("marked as won"),
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
