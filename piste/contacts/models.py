"""The companies and people that the company deals with, their tags and where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from piste.accounts.models import Company, Language, Team
from piste.contacts import normalise
from piste.contacts.contactqueries import ContactQuerySet
from piste.contacts.countries import countries
from piste.contacts.events import ContactTold
from piste.contacts.names import MailDomain, NameWords
from piste.contacts.normalise import Quality
from piste.contacts.reach import ReachField
from piste.core.access import ScopedQuerySet
from piste.core.events import publish
from piste.core.history import tracked
from piste.core.models import Colour, Named, Record
from piste.core.text import Fold

if TYPE_CHECKING:
    from piste.accounts.models import User


def unique_name(name: str) -> models.UniqueConstraint:
    """No two of a list with the same name, whatever the case and accents."""
    return models.UniqueConstraint(Fold("name"), name=name)


@tracked()
class Tag(Named):
    """A word put on deals and customers to find them again."""

    colour = models.CharField(_("colour"), max_length=8, choices=Colour, default=Colour.GREY)
    description = models.CharField(_("description"), max_length=200, blank=True)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("only for team")
    )
    archived = models.BooleanField(_("archived"), default=False)

    objects = ScopedQuerySet["Tag"].as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = [Lower("name")]
        constraints = [unique_name("tag_once")]

    def get_absolute_url(self) -> str:
        return reverse("contacts:tag_page", args=[self.pk])


class Marketing(Named):
    """Where business came from; the three lists of a marketing report."""

    archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        abstract = True
        ordering = [Lower("name")]


@tracked()
class Source(Marketing):
    """The place somebody came from: a fair, a form, a recommendation."""

    objects = ScopedQuerySet["Source"].as_manager()

    class Meta(Marketing.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [unique_name("source_once")]

    def get_absolute_url(self) -> str:
        return reverse("contacts:source_page", args=[self.pk])


@tracked()
class Medium(Marketing):
    """The way they came: mail, telephone, advertisement."""

    objects = ScopedQuerySet["Medium"].as_manager()

    class Meta(Marketing.Meta):
        verbose_name = _("medium")
        verbose_name_plural = _("media")
        constraints = [unique_name("medium_once")]

    def get_absolute_url(self) -> str:
        return reverse("contacts:medium_page", args=[self.pk])


@tracked()
class Campaign(Marketing):
    """The effort that brought them."""

    objects = ScopedQuerySet["Campaign"].as_manager()

    class Meta(Marketing.Meta):
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [unique_name("campaign_once")]

    def get_absolute_url(self) -> str:
        return reverse("contacts:campaign_page", args=[self.pk])


class Address(models.Model):
    """A postal address, as the columns of whatever has one."""

    street = models.CharField(_("street"), max_length=160, blank=True)
    street2 = models.CharField(_("street, second line"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(_("state or region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, choices=countries)

    class Meta:
        abstract = True


class Reachable(models.Model):
    """E-mail and phones as typed, with their normal forms beside them."""

    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    email_normalised = models.CharField(max_length=254, blank=True, editable=False)
    phone_e164 = models.CharField(max_length=20, blank=True, editable=False)
    #: The other number, where there are both mobile and phone.
    other_phone_e164 = models.CharField(max_length=20, blank=True, editable=False)
    email_quality = models.CharField(
        _("e-mail quality"), max_length=9, choices=Quality, default=Quality.EMPTY, editable=False
    )
    phone_quality = models.CharField(
        _("phone quality"), max_length=9, choices=Quality, default=Quality.EMPTY, editable=False
    )

    class Meta:
        abstract = True

    def normalise(self, country: str) -> None:
        """Bring e-mail, phones and website to their normal forms; numbers are read in the country."""
        self.email_normalised, self.email_quality = normalise.email(self.email)
        mobile, mobile_quality = normalise.phone(self.mobile, country)
        phone, phone_quality = normalise.phone(self.phone, country)
        self.phone_e164 = mobile or phone
        self.other_phone_e164 = phone if mobile else ""
        qualities = {mobile_quality, phone_quality} - {Quality.EMPTY}
        if not qualities:
            self.phone_quality = Quality.EMPTY
        else:
            self.phone_quality = Quality.INCORRECT if Quality.INCORRECT in qualities else Quality.CORRECT
        self.website = normalise.website(self.website)


class Consent(models.TextChoices):
    UNKNOWN = "unknown", _("not asked")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")


# Phones without blanks, so that they are found however they were typed.
SEARCHED = """
    NEW.search := fold(concat_ws(' ', NEW.name, NEW.email, NEW.city, NEW.phone_e164,
        regexp_replace(NEW.phone, '[^0-9]', '', 'g'), regexp_replace(NEW.mobile, '[^0-9]', '', 'g'),
        (SELECT parent.name FROM contacts_contact parent WHERE parent.id = NEW.parent_id)));
    NEW.name_key := left(fold(NEW.name), 80);
    RETURN NEW;
"""


@tracked(exclude=("search", "name_key", "updated_at"))
class Contact(Reachable, Address, Record):
    """A customer: a company, or a person who may work for one."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PERSON = "person", _("Person")

    shown_by = ("name",)
    tracked = (
        "name", "kind", "parent", "job_position", "email", "phone", "mobile", "website", "street", "street2",
        "postcode", "city", "state", "country", "owner", "team", "source", "vat", "siren", "siret", "archived",
    )  # fmt: skip

    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.COMPANY)
    name = models.CharField(_("name"), max_length=160)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("works for")
    )
    job_position = models.CharField(_("job position"), max_length=120, blank=True)
    other_emails = ReachField(
        models.CharField(max_length=254), verbose_name=_("other e-mails"), default=list, blank=True
    )
    other_phones = ReachField(
        models.CharField(max_length=60), verbose_name=_("other phones"), default=list, blank=True
    )
    invoice_address = models.TextField(_("invoice address"), blank=True)
    delivery_address = models.TextField(_("delivery address"), blank=True)
    vat = models.CharField(_("VAT number"), max_length=20, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    naf = models.CharField(_("NAF code"), max_length=8, blank=True)
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("salesperson"),
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    email_consent = models.CharField(
        _("consent to mailings"), max_length=7, choices=Consent, default=Consent.UNKNOWN
    )
    phone_consent = models.CharField(
        _("consent to calls"), max_length=7, choices=Consent, default=Consent.UNKNOWN
    )
    notes = models.TextField(_("notes"), blank=True)
    tags: models.ManyToManyField[Tag, ContactTag] = models.ManyToManyField(
        Tag, through="ContactTag", related_name="contacts", verbose_name=_("tags"), blank=True
    )
    archived = models.BooleanField(_("archived"), default=False, editable=False)
    search = models.TextField(editable=False, default="")
    name_key = models.CharField(max_length=80, editable=False, default="")

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name_key", "pk"]
        indexes = [
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="contact_search"),
            models.Index(fields=["name_key", "id"], name="contact_by_name"),
            models.Index(
                fields=["email_normalised"], name="contact_email", condition=~models.Q(email_normalised="")
            ),
            models.Index(fields=["phone_e164"], name="contact_phone", condition=~models.Q(phone_e164="")),
            models.Index(
                fields=["other_phone_e164"],
                name="contact_other_phone",
                condition=~models.Q(other_phone_e164=""),
            ),
            models.Index(
                MailDomain("email_normalised"),
                name="contact_domain",
                condition=~models.Q(email_normalised=""),
            ),
            GinIndex(NameWords("name"), name="contact_words"),
        ]
        constraints = [
            models.CheckConstraint(
                name="company_works_for_nobody_itself", condition=~models.Q(parent=models.F("id"))
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="contact_searched",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("name", "email", "city", "phone", "mobile", "phone_e164", "parent_id"),  # type: ignore[no-untyped-call]
                func=SEARCHED,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        new = self.pk is None
        self.derive()
        told = () if new else tuple(name for name in ("email", "phone", "mobile") if self.changed(name))
        super().save(*args, **kwargs)
        self.remember()
        if told:
            publish(ContactTold(contact=self.pk, fields=told))

    def get_absolute_url(self) -> str:
        return reverse("contacts:contact_page", args=[self.pk])

    def derive(self, home: str = "") -> None:
        """Bring e-mail and phones to their normal forms; `home` is the country of local numbers."""
        if self.pk is None or self.changed("email", "phone", "mobile", "website", "country"):
            self.normalise(self.country or home or Company.get().country)

    @property
    def is_company(self) -> bool:
        return self.kind == self.Kind.COMPANY

    @property
    def family(self) -> Contact:
        """The company somebody works for, or the company itself."""
        return self.parent or self

    def archive(self, *, by: User, at: Any) -> None:
        """Put away: gone from lists, kept with its deals and history."""
        self.archived = True
        self.save()

    def unarchive(self, *, by: User, at: Any) -> None:
        self.archived = False
        self.save()


@tracked()
class ContactTag(models.Model):
    """A tag on a customer."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "tag"], name="contact_tag_once")]

    def __str__(self) -> str:
        return f"{self.contact} – {self.tag}"


class RecordPair(models.Model):
    """Two records of one kind, the older first. No foreign keys: a merged one comes back by undo."""

    kind = models.CharField(max_length=20)
    first = models.BigIntegerField()
    second = models.BigIntegerField()

    class Meta:
        abstract = True


class LikelyPair(RecordPair):
    """Two records that may be the same, as the last search for duplicates found them."""

    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=8))

    class Meta:
        indexes = [models.Index(fields=["kind", "-score", "first", "second"], name="likely_pair_order")]
        constraints = [models.UniqueConstraint(fields=["kind", "first", "second"], name="likely_pair_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} = {self.second}"


@tracked()
class DifferentPair(RecordPair):
    """Two records of which somebody has said that they are not the same."""

    class Meta:
        verbose_name = _("pair of different records")
        verbose_name_plural = _("pairs of different records")
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="different_pair_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} ≠ {self.second}"


class DuplicateSearch(models.Model):
    """When the records of a kind were last searched for duplicates, and whether they are being searched."""

    kind = models.CharField(max_length=20, primary_key=True)
    wanted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.kind
