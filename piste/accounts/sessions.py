"""Sessions that end before their time."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session


def end_sessions(person: int, *, at: datetime) -> None:
    """Sign somebody out on every device. A session names its person only inside, so each is looked into."""
    live = Session.objects.filter(expire_date__gt=at).iterator()
    theirs = [session.pk for session in live if session.get_decoded().get(SESSION_KEY) == str(person)]
    Session.objects.filter(pk__in=theirs).delete()
