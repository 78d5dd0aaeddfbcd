"""Everybody takes back what they set for themselves; nobody gains a right by it."""

from __future__ import annotations

from piste.accounts.models import User
from piste.accounts.roles import Role
from piste.core.history import operation
from piste.ui.testing import Visitor

CHOSEN = {
    "name": "Anna Kerbrat",
    "language": "en",
    "time_zone": "Europe/Paris",
    "theme": "dark",
    "density": "compact",
}


def test_takes_back_a_change_of_the_profile(anna: User) -> None:
    visitor = Visitor(anna)
    changed = visitor.post("/profile/", CHOSEN)

    answer = visitor.post(changed.undo)

    anna.refresh_from_db()
    assert answer.status == 204
    assert (anna.theme, anna.density) == ("system", "comfortable")


def test_leaves_the_profile_of_others_alone(anna: User, ben: User) -> None:
    changed = Visitor(anna).post("/profile/", CHOSEN)

    assert Visitor(ben).post(changed.undo).status == 404
    anna.refresh_from_db()
    assert anna.theme == "dark"


def test_gives_no_role_back(ada: User, ben: User) -> None:
    """Somebody who was an administrator when the change was made may not undo it as one."""
    ben.role = Role.ADMINISTRATOR
    ben.save()
    with operation("user.edit", by=ben) as op:
        ben.role = Role.SALESPERSON_OWN
        ben.save()

    assert Visitor(ben).post(f"/operations/{op.pk}/undo/").status == 404
    ben.refresh_from_db()
    assert ben.role == Role.SALESPERSON_OWN
