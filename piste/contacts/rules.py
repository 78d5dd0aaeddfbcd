"""Everybody in sales sees all customers, tags and lists; who may change them is a matter of the role."""

from django.db.models import Q

from piste.contacts.models import Campaign, Contact, Medium, Source, Tag
from piste.core.access import grant

for model in (Contact, Tag, Source, Medium, Campaign):
    grant(model, "contacts.reach", lambda user: Q())
