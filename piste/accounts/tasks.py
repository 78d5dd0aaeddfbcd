"""Mails about accounts, sent by the worker, so that no answer on a page tells whether one was sent."""

from __future__ import annotations

from datetime import datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from piste.accounts import mails
from piste.accounts.models import User

# After about 1, 4 and 38 minutes and 8 hours; a link counts from the moment it is written.
AGAIN = RetryStrategy(max_attempts=5, wait=60, exponential_wait=13)


@app.task(name="accounts.send_password_link", queue="mail", retry=AGAIN)
def send_password_link(*, email: str) -> None:
    """Send the link to whoever has the address; nothing when nobody has."""
    if person := User.objects.working().filter(email=email).first():
        mails.forgotten(person).send()


@app.task(name="accounts.send_invitation", queue="mail", retry=AGAIN)
def send_invitation(*, user: int, by: int) -> None:
    person, inviter = User.objects.working().filter(pk=user).first(), User.objects.get(pk=by)
    if person:
        mails.invitation(person, by=inviter).send()


@app.task(name="accounts.send_notice", queue="mail", retry=AGAIN)
def send_notice(*, user: int, what: str, ip: str, browser: str, at: str) -> None:
    if person := User.objects.working().filter(pk=user).first():
        mails.notice(person, what=what, ip=ip, browser=browser, at=datetime.fromisoformat(at)).send()
