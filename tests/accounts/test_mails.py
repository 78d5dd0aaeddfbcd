"""Mails about accounts."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from piste.accounts import mails
from piste.accounts.models import User

AT = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("UTC"))


def test_are_plain_text_with_one_link(anna: User) -> None:
    letter = mails.forgotten(anna)

    assert letter.subject == "Choose a new password for Piste"
    assert letter.body.count("https://crm.example.com/accounts/password/") == 1
    assert letter.body.strip().endswith("Piste · https://crm.example.com")


def test_say_who_invites(anna: User, ada: User) -> None:
    letter = mails.invitation(anna, by=ada)

    assert letter.subject == "Ada Riou invites you to Piste"
    assert "the CRM of Atelier Breizh" in letter.body


def test_print_names_as_they_are(anna: User, ada: User) -> None:
    ada.name = "D'Arc & <Sons>"

    letter = mails.invitation(anna, by=ada)

    assert "D'Arc & <Sons> made an account" in letter.body


@pytest.mark.parametrize("what", sorted(mails.NOTICES))
def test_tell_of_every_change(anna: User, what: str) -> None:
    letter = mails.notice(anna, what=what, ip="192.0.2.7", browser="Firefox", at=AT)

    assert letter.subject == str(mails.NOTICES[what])
    assert "192.0.2.7" in letter.body


def test_speak_the_readers_language_on_their_clock(anna: User) -> None:
    anna.language, anna.time_zone = "fr", "Europe/Paris"

    letter = mails.notice(anna, what="password_changed", ip="192.0.2.7", browser="Firefox", at=AT)

    assert "24 nov. 2026 10:30" in letter.body


def test_have_a_subject_of_one_line(anna: User, ada: User) -> None:
    ada.name = "Ada\nBcc: everybody@evil.example"

    with pytest.raises(ValueError, match="newlines"):
        mails.invitation(anna, by=ada).message()
