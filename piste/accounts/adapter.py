"""How sign-in differs from the library's: nobody signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators; links are built from the configured address."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
