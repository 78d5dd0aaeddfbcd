"""An administrator takes the sample company away, after saying its name."""

from __future__ import annotations

import pytest

from piste.accounts.models import Company, User
from piste.accounts.roles import Role
from piste.contacts.models import Contact
from piste.pipeline.models import Deal, Opportunity
from piste.ui.testing import Visitor
from tests import factories

ADDRESS = "/sample-data/"


@pytest.fixture
def ada(sample: None) -> User:
    return factories.user("Ada Riou", role=Role.ADMINISTRATOR)


def test_removes_the_sample_and_keeps_what_is_ours(ada: User) -> None:
    ours = factories.company("Étoile du Nord")
    visitor = Visitor(ada)
    assert ADDRESS in visitor.get("/settings/").html.links("/")

    answer = visitor.post(ADDRESS, {"name": " atelier breizh "}, part=False)

    assert answer.status == 302
    assert list(Contact.objects.all()) == [ours] and not Deal.objects.exists()
    assert list(User.objects.working()) == [ada]
    assert not Company.get().sample
    assert "The sample data is gone." in visitor.get("/settings/").text
    assert ADDRESS not in visitor.get("/settings/").html.links("/")
    assert visitor.get(ADDRESS).status == 404


@pytest.mark.parametrize("typed", ["", "Atelier"])
def test_asks_for_the_name_of_the_company(ada: User, typed: str) -> None:
    answer = Visitor(ada).post(ADDRESS, {"name": typed}, part=False)

    assert answer.status == 422 and "This is not the name of the company." in answer.text
    assert Company.get().sample and Opportunity.objects.count() == 60


def test_lets_nobody_of_the_sample_remove_themselves(sample: None) -> None:
    theirs = User.objects.working().filter(role=Role.ADMINISTRATOR).get()
    theirs.language = "en"
    theirs.save()
    visitor = Visitor(theirs)

    assert "First invite yourself as an administrator" in visitor.get(ADDRESS).text
    assert visitor.post(ADDRESS, {"name": "Atelier Breizh"}, part=False).status == 409
    assert Opportunity.objects.count() == 60


@pytest.mark.parametrize("role", [Role.SALESPERSON_OWN, Role.SALESPERSON_ALL, Role.MANAGER])
def test_is_for_administrators_alone(sample: None, role: Role) -> None:
    visitor = Visitor(factories.user("Ben Corre", role=role))

    assert visitor.get(ADDRESS).status == visitor.post(ADDRESS, {"name": "Atelier Breizh"}).status == 403
    assert ADDRESS not in visitor.get("/settings/").html.links("/")
    assert Opportunity.objects.count() == 60
