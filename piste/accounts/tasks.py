"""What the worker does about accounts: mails, so that no page tells whether one was sent, and tidying up."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from piste.accounts import mails
from piste.accounts.models import User

# After about 1, 4 and 38 minutes and 8 hours; a link counts from the moment it is written.
AGAIN = RetryStrategy(max_attempts=5, wait=60, exponential_wait=13)


@app.periodic(cron="23 3 * * *")
@app.task(name="accounts.forget_old_sessions", queue="housekeeping")
def forget_old_sessions(timestamp: int) -> None:
    """Take away every night the sessions that have ended by themselves."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


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


@app.task(name="accounts.send_loss_of_factors", queue="mail", retry=AGAIN)
def send_loss_of_factors(*, user: int, by: int, at: str) -> None:
    person, administrator = User.objects.working().filter(pk=user).first(), User.objects.get(pk=by)
    if person:
        mails.loss_of_factors(person, by=administrator, at=datetime.fromisoformat(at)).send()


@app.task(name="accounts.send_notice", queue="mail", retry=AGAIN)
def send_notice(*, user: int, what: str, ip: str, browser: str, at: str) -> None:
    if person := User.objects.working().filter(pk=user).first():
        mails.notice(person, what=what, ip=ip, browser=browser, at=datetime.fromisoformat(at)).send()
