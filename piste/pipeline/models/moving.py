"""How a deal goes from stage to stage, and ends."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _

from piste.core.events import publish
from piste.core.transitions import Incomplete, Refused, lock, transition
from piste.pipeline.events import DealLost, DealMoved, DealReopened, DealWon
from piste.pipeline.models.lists import LostReason, Stage

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.contacts.models import Tag
    from piste.pipeline.models.deal import Deal


class Moving:
    """The state changes of a deal. Won ⇔ in a won stage; lost keeps the stage it died in."""

    #: When the change being made happened; the next save dates by it.
    moment: datetime | None = None
    #: Whether the next save leaves the team as it is, though it is not the salesperson's.
    keeps_team: bool = False

    @transition({"open", "won"}, None)  # type: ignore[type-var]
    def move_to(self, stage: Stage, *, by: User, at: datetime) -> None:
        """Put the deal into a stage, as a drag does: a won stage wins it, leaving one reopens it."""
        deal = cast("Deal", self)
        if not stage.serves(deal.team_id):
            raise Refused(_("“%(stage)s” belongs to another team.") % {"stage": stage})
        self._ask(stage)
        if stage.is_won and deal.status == "open":
            self._win(stage, by=by, at=at)
            return
        if not stage.is_won and deal.status == "won":
            self._open(by=by)
        self._put(stage, at=at)
        publish(DealMoved(deal=deal.pk, stage=stage.pk, by=by.pk))

    @transition({"open"}, None)  # type: ignore[type-var]
    def win(self, *, by: User, at: datetime) -> None:
        """Close as won, in the next won stage of the team after the present one."""
        stage = self._won_stage()
        self._ask(stage)
        self._win(stage, by=by, at=at)

    @transition({"open"}, "lost")  # type: ignore[type-var]
    def lose(
        self,
        *,
        reason: LostReason | None = None,
        note: str = "",
        competitor: str = "",
        revive_on: date | None = None,
        by: User,
        at: datetime,
    ) -> None:
        """Close as lost. The stage stays, so that the funnel knows where it died.

        Without a day to try again it is the one that the reason gives.
        """
        deal = cast("Deal", self)
        if reason is not None and reason.needs_note and not note.strip():
            raise Refused(_("“%(reason)s” needs a note.") % {"reason": reason})
        deal.closed_at = at
        deal.lost_reason, deal.lost_note = reason, note.strip()
        deal.competitor = competitor.strip()
        deal.revive_on = revive_on or (reason.revival(at.date()) if reason else None)
        publish(DealLost(deal=deal.pk, reason=reason.pk if reason else None, by=by.pk))

    @transition({"won", "lost"}, None)  # type: ignore[type-var]
    def reopen(self, *, by: User, at: datetime) -> None:
        """Back to work: in its stage, or in the one it was won from, with automatic probability."""
        deal = cast("Deal", self)
        if deal.stage.is_won:
            self._put(self._stage_before_won(), at=at)
        self._open(by=by)

    def assign(self, *, owner: User | None, by: User, at: datetime) -> None:
        """Give the deal to somebody, or to nobody; the team follows."""
        deal = cast("Deal", self)
        lock(deal)
        deal.owner, deal.moment = owner, at
        deal.save()

    def add_tags(self, *, tags: Iterable[Tag], by: User, at: datetime) -> None:
        """Put tags on the deal beside those it has."""
        cast("Deal", self).tags.add(*tags)

    def close_in(self, month: date | None, *, by: User, at: datetime) -> None:
        """Expect the closing in another month, on the same day where there is one."""
        deal = cast("Deal", self)
        lock(deal)
        if month is None:
            deal.expected_close = None
        else:
            wanted = deal.expected_close.day if deal.expected_close else 31
            deal.expected_close = month.replace(day=min(wanted, monthrange(month.year, month.month)[1]))
        deal.save()

    def _put(self, stage: Stage, *, at: datetime) -> None:
        deal = cast("Deal", self)
        deal.stage, deal.moment = stage, at

    def _win(self, stage: Stage, *, by: User, at: datetime) -> None:
        deal = cast("Deal", self)
        self._put(stage, at=at)
        deal.status, deal.closed_at = "won", at
        publish(DealWon(deal=deal.pk, by=by.pk))

    def _open(self, *, by: User) -> None:
        deal = cast("Deal", self)
        deal.status, deal.closed_at = "open", None
        deal.lost_reason, deal.lost_note, deal.competitor, deal.revive_on = None, "", "", None
        publish(DealReopened(deal=deal.pk, by=by.pk))

    def _won_stage(self) -> Stage:
        deal = cast("Deal", self)
        won = list(Stage.objects.of_team(deal.team_id).filter(is_won=True).order_by("position", "pk"))
        if not won:
            raise Refused(_("There is no won stage. Ask a manager to add one."))
        after = [stage for stage in won if stage.position > deal.stage.position]
        return (after or won[::-1])[0]

    def _stage_before_won(self) -> Stage:
        """The last open stage in the deal's history; failing that, the last open one of its team."""
        deal = cast("Deal", self)
        open_stages = Stage.objects.of_team(deal.team_id).filter(is_won=False)
        events: Any = type(deal).pgh_event_model.objects.filter(pgh_obj_id=deal.pk)  # type: ignore[attr-defined]
        last = events.filter(stage_id__in=open_stages.values("pk")).order_by("-pgh_id").first()
        stage = last.stage if last else open_stages.order_by("position", "pk").last()
        if stage is None:
            raise Refused(_("There is no stage to go back to. Ask a manager to add one."))
        return cast("Stage", stage)

    def _ask(self, stage: Stage) -> None:
        """Refuse while a field that the stage requires is empty."""
        deal = cast("Deal", self)
        missing = [name for name in stage.required_fields if not getattr(deal, name)]
        if missing:
            labels = ", ".join(str(deal._meta.get_field(name).verbose_name) for name in missing)  # type: ignore[union-attr]
            sentence = _("“%(stage)s” asks for: %(fields)s.") % {"stage": stage, "fields": labels}
            raise Incomplete(sentence, missing)
