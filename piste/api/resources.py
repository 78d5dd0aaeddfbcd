"""What the API offers: every screen, under its name; of colleagues only who they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django import forms
from django.db.models import Model

from piste.accounts.models import User
from piste.api.columns import Column, columns_of
from piste.ui.modes import List
from piste.ui.pages import Page
from piste.ui.screen import Screen, screens
from piste.ui.search import Search


@dataclass(frozen=True)
class Resource:
    """A screen as programs see it."""

    screen: Screen
    read_only: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.screen)

    @property
    def slug(self) -> str:
        return self.screen.slug

    @property
    def name(self) -> str:
        """The name of one record in the OpenAPI document."""
        return self.screen.model.__name__


class Nothing(forms.ModelForm[User]):
    """Writes nothing."""

    class Meta:
        model = User
        fields = ()


def who(screen: Screen) -> Resource:
    """People by name; their addresses and roles are for the pages."""
    names = ("name", "is_active")
    shown = replace(
        screen,
        form=Nothing,
        search=Search(text=("name",), filters=screen.search.filters, builder=names),
        modes=(List(columns=names, order=("name", "id")),),
        page=Page(),
        actions=(),
    )
    return Resource(shown, read_only=True)


_NARROWED: dict[type[Model], Callable[[Screen], Resource]] = {User: who}


def resources() -> Iterator[Resource]:
    for screen in screens():
        yield _NARROWED.get(screen.model, Resource)(screen)


def resource_of(model: type[Model]) -> Resource | None:
    """The resource of the model's records."""
    return next((resource for resource in resources() if resource.screen.model is model), None)
