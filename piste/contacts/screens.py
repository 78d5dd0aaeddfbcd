"""What people see and do with customers, tags and the marketing lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piste.contacts.forms import CampaignForm, ContactForm, MediumForm, SourceForm, TagForm
from piste.contacts.merging import CONTACTS
from piste.contacts.models import Campaign, Contact, Medium, Source, Tag
from piste.contacts.normalise import shown_phone
from piste.contacts.similar import similarity
from piste.ui import formats
from piste.ui.aggregate import GroupBy
from piste.ui.modes import Board, List, Printing
from piste.ui.pages import Head, Page
from piste.ui.screen import Action, Screen, register
from piste.ui.search import Filter, Search


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A customer as a card shows it."""

    pk: int
    url: str
    name: str
    is_company: bool
    who: str
    email: str
    phone: str
    city: str
    tags: list[tuple[str, str]]
    more_tags: int
    owner_name: str
    owner_initials: str
    owner_tone: int
    deals: str
    described: str


CARD_COLUMNS = ("name", "kind", "job_position", "parent__name", "email", "phone", "mobile", "country", "city",
                "owner_id", "owner__name", "name_key")  # fmt: skip
TAGS_SHOWN = 3


def contact_card(row: Any, tags: Sequence[Any], _printing: Printing) -> ContactCard:
    """The card of a customer, from the columns above."""
    owner = row.owner__name or ""
    who = " · ".join(part for part in (row.job_position, row.parent__name or "") if part)
    return ContactCard(
        pk=row.id,
        url=f"/customers/{row.id}/",
        name=row.name,
        is_company=row.kind == Contact.Kind.COMPANY,
        who=who,
        email=row.email,
        phone=shown_phone(row.phone or row.mobile, row.country or "FR", international=False),
        city=row.city,
        tags=[(str(tag), tag.colour) for tag in tags[:TAGS_SHOWN]],
        more_tags=max(0, len(tags) - TAGS_SHOWN),
        owner_name=owner,
        owner_initials=formats.initials(owner) if owner else "",
        owner_tone=(row.owner_id or 0) % 8,
        deals="",
        described=who,
    )


def contact_head(contact: Contact, user: Any, currency: str) -> Head:
    return Head([], ribbon="archived" if contact.archived else "")


mine = Filter("mine", _("My customers"), lambda user: Q(owner=user), group="whose")
companies = Filter("companies", _("Companies"), Q(kind="company"), group="kind")
people = Filter("people", _("People"), Q(kind="person"), group="kind")
kept = Filter("kept", _("In use"), Q(archived=False), group="archived", default=True)
archived = Filter("archived", pgettext_lazy("several", "Archived"), Q(archived=True), group="archived")

customers = register(
    Screen(
        model=Contact,
        slug="customers",
        icon="building-2",
        keys="g c",
        create_keys="c n",
        form=ContactForm,
        merge=CONTACTS,
        similar=similarity,
        search=Search(
            text=("search",),
            filters=(mine, companies, people, kept, archived),
            group_by=(GroupBy("owner"), GroupBy("city"), GroupBy("country"), GroupBy("source"), GroupBy("kind")),
            periods=("created_at",),
            builder=("name", "email", "city", "postcode", "country", "kind", "owner", "team", "source", "tags",
                     "job_position", "headcount", "naf", "created_at"),
        ),
        modes=(
            Board(
                group_by=None,
                card=contact_card,
                card_template="contacts/contact_card.html",
                columns=CARD_COLUMNS,
                linked="tags",
                order=("name_key", "id"),
                per_lane=60,
            ),
            List(
                columns=("name", "parent", "email", "phone", "city", "tags", "owner"),
                offered=("kind", "job_position", "mobile", "website", "postcode", "country", "team", "source", "vat",
                         "siren", "headcount", "created_at", "updated_at"),
                editable=("name", "email", "phone", "city", "owner", "mobile", "job_position", "website", "team"),
                order=("name_key", "id"),
                sort_by=(("name", "name_key"), ("parent", "parent__name_key"), ("owner", "owner__name"),
                         ("team", "team__name"), ("source", "source__name")),
                muted="archived",
            ),
        ),
        page=Page(
            head=contact_head,
            groups=(
                (_("Contact"), ("kind", "parent", "job_position", "email", "phone", "mobile", "website",
                                "other_emails", "other_phones")),
                (_("Address"), ("street", "street2", "postcode", "city", "state", "country", "invoice_address",
                                "delivery_address")),
                (_("Details"), ("tags", "owner", "team", "source", "language", "vat", "siren", "siret", "naf",
                                "headcount", "email_consent", "phone_consent")),
                (_("Notes"), ("notes",)),
            ),
        ),
        actions=(
            Action("archive", _("Archive"), _("%(record)s archived."), bulk=True, icon="archive",
                   offered=lambda contact: not contact.archived),
            Action("unarchive", _("Take out of the archive"), _("%(record)s is back."), bulk=True, icon="undo-2",
                   offered=lambda contact: contact.archived),
        ),
    )
)  # fmt: skip


tags = register(
    Screen(
        model=Tag,
        slug="tags",
        icon="tag",
        form=TagForm,
        search=Search(text=("name", "name_en"), filters=(kept, archived), builder=("name", "colour", "team")),
        modes=(
            List(
                columns=("name", "name_en", "colour", "team", "description"),
                editable=("name", "name_en", "colour", "team", "description"),
                order=("name", "id"),
                sort_by=(("team", "team__name"),),
                muted="archived",
            ),
        ),
        page=Page(groups=((_("Details"), ("name", "name_en", "colour", "description", "team", "archived")),)),
    )
)
MARKETING = ("name", "name_en", "archived")


def _marketing(model: Any, slug: str, form: Any) -> Screen:
    return register(
        Screen(
            model=model,
            slug=slug,
            icon="target",
            form=form,
            search=Search(text=("name", "name_en"), filters=(kept, archived), builder=("name",)),
            modes=(
                List(columns=MARKETING, editable=("name", "name_en"), order=("name", "id"), muted="archived"),
            ),
            page=Page(groups=((_("Details"), MARKETING),)),
        )
    )


sources = _marketing(Source, "sources", SourceForm)
media = _marketing(Medium, "media", MediumForm)
campaigns = _marketing(Campaign, "campaigns", CampaignForm)
