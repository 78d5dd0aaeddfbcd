"""Coming to the company and leaving it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from piste.accounts.events import PersonDeactivated
from piste.accounts.roles import Role
from piste.accounts.sessions import end_sessions
from piste.core.events import publish
from piste.core.transitions import Refused, lock

if TYPE_CHECKING:
    from piste.accounts.models import User

log = logging.getLogger("piste.security")


class Joining(models.Model):
    """What a person has to do with the door."""

    class Meta:
        abstract = True

    def invite(self: Any, *, by: User, at: datetime) -> None:
        """Send a link by which somebody new chooses a password."""
        from piste.accounts.tasks import send_invitation

        if not self.is_active:
            raise Refused(_("“%(name)s” is deactivated.") % {"name": self.name})
        send_invitation.defer(user=self.pk, by=by.pk)

    @transaction.atomic
    def deactivate(self: Any, *, by: User, at: datetime) -> None:
        """Shut somebody out at once, by every way; what they did stays theirs."""
        if self.pk == by.pk:
            raise Refused(_("You cannot deactivate yourself."))
        self.keep_an_administrator()
        lock(self)
        if not self.is_active:
            raise Refused(_("“%(name)s” is deactivated already.") % {"name": self.name})
        self.is_active = False
        self.save()
        publish(PersonDeactivated(person=self.pk, by=by.pk))

    @transaction.atomic
    def reactivate(self: Any, *, by: User, at: datetime) -> None:
        lock(self)
        if self.is_active:
            raise Refused(_("“%(name)s” can sign in already.") % {"name": self.name})
        self.is_active = True
        self.save()

    def has_factors(self: Any) -> bool:
        """Whether codes of an app or passkeys are asked for at sign-in."""
        return bool(self.authenticator_set.exists())

    @transaction.atomic
    def take_away_factors(self: Any, *, by: User, at: datetime) -> None:
        """Let somebody in who has lost the phone or the passkey: the password alone opens again, every session ends.

        Nothing brings them back, and no undo may: whoever lost a factor must not find it in force again.
        """
        from piste.accounts.tasks import send_loss_of_factors

        if self.pk == by.pk:
            raise Refused(_("Your own are in your profile, under Sign-in."))
        lock(self)
        if not self.authenticator_set.all().delete()[0]:
            raise Refused(_("“%(name)s” has no second factor.") % {"name": self.name})
        end_sessions(self.pk, at=at)
        log.info("second factors taken away", extra={"user": self.pk, "by": by.pk})
        send_loss_of_factors.defer(user=self.pk, by=by.pk, at=at.isoformat())

    def keep_an_administrator(self: Any) -> None:
        """Refuse to lose the last one, before a person stops being one: nobody could make another."""
        rows = type(self)._default_manager.working().filter(role=Role.ADMINISTRATOR)
        # Locked, so that two who take each other's place away do not both succeed.
        left = [
            pk for pk in rows.select_for_update().order_by("pk").values_list("pk", flat=True) if pk != self.pk
        ]
        if not left:
            raise Refused(_("“%(name)s” is the last administrator.") % {"name": self.name})
