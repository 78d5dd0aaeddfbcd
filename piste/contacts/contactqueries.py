"""Questions about many customers, in the words of the business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piste.core.access import ScopedQuerySet

if TYPE_CHECKING:
    from piste.contacts.duplicates import Hit
    from piste.contacts.models import Contact


class ContactQuerySet(ScopedQuerySet["Contact"]):
    def similar_to(self, contact: Contact) -> list[Hit[Contact]]:
        """Those of these customers that may be the same one, the most similar first, with the reasons."""
        from piste.contacts.duplicates import keys_of_contact, similar_contacts

        return similar_contacts(keys_of_contact(contact), among=self)
