"""Questions about many customers, in the words of the business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from piste.core.access import ScopedQuerySet

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.contacts.duplicates import Hit
    from piste.contacts.models import Contact


class ContactQuerySet(ScopedQuerySet["Contact"]):
    def similar_to(self, contact: Contact) -> list[Hit[Contact]]:
        """Those of these customers that may be the same one, the most similar first, with the reasons."""
        from piste.contacts.duplicates import keys_of_contact, similar_contacts

        return similar_contacts(keys_of_contact(contact), among=self)

    def merge_into(
        self, target: Contact, *, values: Mapping[str, Any] | None = None, by: User, at: datetime
    ) -> Contact:
        """Let these customers become one with the target, which takes what `CONTACTS` says, or the given values.

        All that was linked to them is linked to the target, their addresses lead to it, and undo brings them
        back. Raises `Refused`.
        """
        from piste.contacts.merging import merge_contacts

        return merge_contacts(self, target, values or {}, by=by, at=at)
