"""Everybody in sales sees people and teams; who may change them is a matter of the role."""

from django.db.models import Q

from piste.accounts.models import Team, User
from piste.core.access import grant, limit

grant(Team, "accounts.reach", lambda user: Q())
grant(User, "accounts.reach", lambda user: Q())
limit(User, lambda user: Q(is_system=False))
