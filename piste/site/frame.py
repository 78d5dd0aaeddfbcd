"""What every page shows around its content: company, navigation, first steps, words of scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from piste.accounts.models import Company, User
from piste.contacts import pairviews
from piste.pipeline import scoreviews
from piste.site.onboarding import onboarding
from piste.ui.screen import screens
from piste.ui.words import script_words

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation; `hot` makes its count stand out."""

    key: str
    label: str
    url: str
    icon: str
    keys: str = ""
    count: int = 0
    hot: bool = False
    current: bool = False


#: The navigation in order: the screens' slugs, with the label where the plural of the model is not it.
MENU: tuple[tuple[str, StrPromise, str, str], ...] = (
    ("opportunities", _("Pipeline"), "kanban", "g p"),
    ("leads", _("Leads"), "target", "g l"),
    ("customers", _("Customers"), "building-2", "g c"),
    ("teams", _("Teams"), "users", "g t"),
)


def navigation(user: User, path: str) -> list[NavItem]:
    """The entries this person may open."""
    known = {screen.slug: screen for screen in screens()}
    items = []
    for slug, label, icon, keys in MENU:
        screen = known.get(slug)
        if screen is None or not screen.is_offered(user):
            continue
        items.append(NavItem(slug, str(label), screen.url, icon, keys, current=path.startswith(screen.url)))
    if pairviews.offered(user):
        label, url = _("Duplicates"), pairviews.URL
        items.append(NavItem("duplicates", str(label), url, "copy", "g d", current=path.startswith(url)))
    if scoreviews.offered(user):
        label, url = _("Score"), scoreviews.URL
        items.append(NavItem("scoring", str(label), url, "chart-column", current=path.startswith(url)))
    return items


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor of every template."""
    company = company_of(request)
    shown: dict[str, Any] = {
        "company": company,
        "words": script_words(),
        "language": get_language() or "en",
        "theme": _chosen(request, "piste_theme", User.Theme.values),
        "density": _chosen(request, "piste_density", User.Density.values),
        "nav": [],
        "messages": get_messages(request),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return shown
    person = cast("User", user)
    whole = not getattr(request, "htmx", False)
    return shown | {
        "user": person,
        "theme": person.theme,
        "density": person.density,
        "words": script_words(),
        "nav": navigation(person, request.path) if whole else [],
        "onboarding": onboarding(request, company) if whole else None,
    }


def _chosen(request: HttpRequest, cookie: str, values: list[str]) -> str:
    """What a browser keeps from its last signed-in reader, if it is one of the values; else the first."""
    kept = request.COOKIES.get(cookie, "")
    return kept if kept in values else values[0]


def company_of(request: HttpRequest) -> Company:
    """The company, read once a request."""
    company: Company | None = getattr(request, "company", None)
    if company is None:
        company = Company.get()
        request.company = company  # type: ignore[attr-defined]
    return company


class CompanyOfRequest:
    """Give every request the company's currency before a view prints an amount."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> Any:
        if request.user.is_authenticated:
            request.currency = company_of(request).currency  # type: ignore[attr-defined]
        return self.answer(request)
