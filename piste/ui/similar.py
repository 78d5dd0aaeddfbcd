"""Records that may be the same as one that is being typed: said while it is typed, never in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piste.ui.screen import screen_for

if TYPE_CHECKING:
    from piste.accounts.models import User

#: So many are named; of the others one is told how many there are.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record that may be the same, as it was found: its score from 0 to 100, and the reasons by key and word.

    `model` is the one whose screen shows it, `note` tells it from others of its name. One that `is_strong` is most
    likely the same.
    """

    record: Any
    model: type[Model]
    note: str
    score: int
    reasons: tuple[tuple[str, str], ...]
    is_strong: bool = False

    @property
    def why(self) -> str:
        return ", ".join(label for _key, label in self.reasons)

    @property
    def url(self) -> str:
        return f"/{self.slug}/{self.record.pk}/"

    @property
    def slug(self) -> str:
        screen = screen_for(self.model)
        return screen.slug if screen else ""

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)


#: What finds them: given an unsaved or changed record, all that are similar, whoever may see them.
Finder = Callable[[Any], Sequence[Likeness]]


@dataclass(frozen=True, slots=True)
class Notice:
    """What saving will do besides, said beforehand: values by label. With a `question` only if that is ticked.

    What `fills` other fields is put into them at once, where nobody has typed.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    question: str = ""
    fills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Similarity:
    """Which records may be the same as one of a screen, and the fields that are watched for it.

    `notices` says what saving the form as it has been filled in will do besides. Two of them are told apart at `different`.
    """

    find: Finder
    watched: tuple[str, ...]
    notices: Callable[[Any, User], list[Notice]] | None = None
    different: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one reader is told: records within reach, and whether there are others."""

    shown: list[Likeness]
    hidden: bool = False

    @property
    def first(self) -> list[Likeness]:
        return self.shown[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.shown) - SHOWN)

    @property
    def said(self) -> str:
        """The sentence that is read out."""
        count = len(self.shown)
        if count:
            return ngettext("%(count)s similar record", "%(count)s similar records", count) % {"count": count}
        return hidden_sentence() if self.hidden else ""

    def __bool__(self) -> bool:
        return bool(self.shown) or self.hidden


def hidden_sentence() -> str:
    """What is said of records that the reader may not see: no name, no number, no reason."""
    return _("There is a similar record that you may not see. Ask a manager.")


def found_for(similarity: Similarity, record: Any, user: User) -> Found:
    """The similar records that the user may see, and whether there are others."""
    return narrowed(list(similarity.find(record)), user)


def narrowed(all_: list[Likeness], user: User) -> Found:
    """Keep what the user may see."""
    seen = {(one.model, one.record.pk) for one in _within(all_, user)}
    shown = [one for one in all_ if (one.model, one.record.pk) in seen]
    return Found(shown, hidden=len(shown) < len(all_))


def _within(all_: list[Likeness], user: User) -> Iterator[Likeness]:
    for model in {one.model for one in all_}:
        of_model = {one.record.pk: one for one in all_ if one.model is model}
        screen = screen_for(model)
        if screen is None or not screen.may(user, "view"):
            continue
        for pk in screen.rows(user).filter(pk__in=of_model).values_list("pk", flat=True):
            yield of_model[pk]
