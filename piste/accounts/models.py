"""People who sign in, the teams they work in, and the company they work for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piste.accounts.joining import Joining
from piste.accounts.roles import Role, permissions_of
from piste.core.access import ScopedQuerySet
from piste.core.history import tracked
from piste.core.models import Colour, Named, Remembering


class Language(models.TextChoices):
    FRENCH = "fr", "Français"
    ENGLISH = "en", "English"


def known_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


class UserQuerySet(ScopedQuerySet["User"]):
    def working(self) -> Self:
        """People who may sign in and be given work."""
        return self.filter(is_active=True, is_system=False)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]
    """Makes people; signs them in by e-mail whatever the case."""

    def create_person(
        self,
        *,
        email: str,
        name: str,
        role: str = Role.SALESPERSON_OWN,
        team: Team | None = None,
        password: str | None = None,
        **fields: Any,
    ) -> User:
        """Create somebody who can sign in, in a team if given."""
        user: User = self.model(email=self.normalize_email(email).lower(), name=name, role=role, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        if team is not None:
            Membership.objects.create(user=user, team=team)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        found: User = self.get(email__iexact=email)
        return found


@tracked(exclude=("password", "last_login", "views"))
class User(Joining, AbstractBaseUser, Remembering):
    """A person of the company. Deactivated people keep their history and cannot come in."""

    shown_by = ("name",)

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.SALESPERSON_OWN)
    is_active = models.BooleanField(_("active"), default=True)
    is_system = models.BooleanField(default=False, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FRENCH)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Paris", validators=[known_time_zone]
    )
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=12, choices=Density, default=Density.COMFORTABLE)
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    celebrations = models.BooleanField(_("celebrate won deals"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    #: Which of the first steps this person does not want to be told of; "all" for the whole list.
    skipped_steps = models.JSONField(_("first steps left out"), default=list, editable=False)
    #: By screen, the query string it was last looked at with.
    views = models.JSONField(default=dict, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:user_page", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether the role includes the permission; a row-by-row question is the access gate's."""
        return self.is_active and perm in permissions_of(self.role)

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        return all(self.has_perm(perm) for perm in perms)

    def remember_view(self, screen: str, query: str) -> None:
        """Come back to the screen as it was last looked at. No change that the history tells of."""
        view = models.Value({screen: query}, output_field=models.JSONField())
        merged = CombinedExpression(models.F("views"), "||", view)
        User.objects.filter(pk=self.pk).update(views=merged)
        self.views = {**self.views, screen: query}

    def main_team(self) -> Team | None:
        """The first team, in order, that this person leads or belongs to."""
        return (
            Team.objects.filter(models.Q(leader=self) | models.Q(memberships__user=self), archived=False)
            .order_by("position", "pk")
            .first()
        )


@tracked()
class Team(Named):
    """People who sell together, with their own stages and targets."""

    position = models.PositiveSmallIntegerField(_("order"), default=10)
    colour = models.CharField(_("colour"), max_length=8, choices=Colour, default=Colour.BLUE)
    leader = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="leads_teams", verbose_name=_("leader")
    )
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="teams", verbose_name=_("members"), blank=True
    )
    uses_leads = models.BooleanField(
        _("uses leads"), default=True, help_text=_("New leads of its people belong to this team.")
    )
    uses_pipeline = models.BooleanField(
        _("uses the pipeline"),
        default=True,
        help_text=_("New opportunities of its people belong to this team."),
    )
    archived = models.BooleanField(_("archived"), default=False)

    objects = ScopedQuerySet["Team"].as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["position", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("accounts:team_page", args=[self.pk])


@tracked()
class Membership(models.Model):
    """Somebody belongs to a team; people may belong to several."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = _("membership")
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.team}"


@tracked()
class Company(models.Model):
    """The company that runs this Piste: one row."""

    class PhoneForm(models.TextChoices):
        NATIONAL = "national", _("National, like 02 61 91 40 12")
        INTERNATIONAL = "international", _("International, like +33 2 61 91 40 12")

    name = models.CharField(_("company name"), max_length=120, default="Piste")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FRENCH)
    country = models.CharField(_("country"), max_length=2, default="FR")
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Paris", validators=[known_time_zone]
    )
    phone_form = models.CharField(
        _("phone numbers"), max_length=13, choices=PhoneForm, default=PhoneForm.NATIONAL
    )
    sample = models.BooleanField(_("holds sample data"), default=False, editable=False)

    #: The one row's key.
    ONLY: ClassVar[int] = 1

    class Meta:
        verbose_name = _("company")
        constraints = [models.CheckConstraint(name="one_company", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def get(cls) -> Company:
        """The company as it is set up, or its defaults before the first start is finished."""
        return cls._default_manager.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)
