"""What keeps the board, the lists and the search of a million deals fast."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import Index, Q

from piste.contacts.names import MailDomain, NameWords

SHOWN = Q(kind="opportunity", archived=False)
SUMMED = [
    "status",
    "expected_revenue",
    "prorated_revenue",
    "recurring_monthly",
    "expected_close",
    "closed_at",
]

INDEXES = [
    # The cards of one lane of everybody's board, and its sums without a look at the table. A lane is read in its
    # order; which of its cards are open or lately won is seen on the way.
    Index(
        fields=["stage", "-priority", "-id"],
        name="deal_in_lane",
        condition=SHOWN,
        include=["status", "closed_at"],
    ),
    Index(
        fields=["stage"],
        name="deal_sums",
        condition=SHOWN,
        include=SUMMED,
    ),
    # The same for one person and one team.
    Index(
        fields=["owner", "stage", "-priority", "-id"],
        name="deal_in_own_lane",
        condition=SHOWN,
        include=["status", "closed_at"],
    ),
    Index(fields=["owner", "stage"], name="deal_own_sums", condition=SHOWN, include=SUMMED),
    Index(fields=["team", "stage"], name="deal_team_sums", condition=SHOWN, include=SUMMED),
    Index(fields=["-priority", "-id"], name="deal_order", condition=SHOWN),
    # The same with those put away: a list without any filter, as programs ask for it.
    Index(fields=["-priority", "-id"], name="deal_order_all", condition=Q(kind="opportunity")),
    Index(fields=["-expected_revenue", "-id"], name="deal_by_revenue", condition=SHOWN),
    Index(fields=["expected_close", "id"], name="deal_by_closing", condition=SHOWN),
    Index(fields=["-closed_at", "-id"], name="deal_by_closed", condition=SHOWN & ~Q(status="open")),
    Index(fields=["-created_at", "-id"], name="deal_by_created"),
    # Leads in the order in which they wait.
    Index(fields=["created_at", "id"], name="lead_waiting", condition=Q(kind="lead", archived=False)),
    Index(fields=["email_normalised"], name="deal_email", condition=~Q(email_normalised="")),
    Index(fields=["phone_e164"], name="deal_phone", condition=~Q(phone_e164="")),
    Index(fields=["other_phone_e164"], name="deal_other_phone", condition=~Q(other_phone_e164="")),
    Index(MailDomain("email_normalised"), name="deal_domain", condition=~Q(email_normalised="")),
    GinIndex(NameWords("name", "company_name", "contact_name"), name="deal_words"),
    GinIndex(OpClass("search", name="gin_trgm_ops"), name="deal_search"),
]

# Phones without blanks, so that they are found however they were typed.
SEARCHED = """
    NEW.search := fold(concat_ws(' ', NEW.name, NEW.company_name, NEW.contact_name, NEW.email, NEW.phone_e164,
        regexp_replace(NEW.phone, '[^0-9]', '', 'g'), regexp_replace(NEW.mobile, '[^0-9]', '', 'g'),
        (SELECT concat_ws(' ', c.name, p.name) FROM contacts_contact c
         LEFT JOIN contacts_contact p ON p.id = c.parent_id WHERE c.id = NEW.contact_id)));
    RETURN NEW;
"""
