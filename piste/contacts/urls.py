"""Addresses of customers, tags and the marketing lists."""

from django.urls import path

from piste.contacts import pairviews
from piste.contacts.screens import campaigns, customers, media, sources, tags
from piste.ui.urls import screen_urls

app_name = "contacts"
urlpatterns = [
    path("duplicates/", pairviews.Pairs.as_view(), name="pairs"),
    path("duplicates/different/", pairviews.Different.as_view(), name="pair_different"),
    path("duplicates/search/", pairviews.Search.as_view(), name="pair_search"),
    *(url for screen in (customers, tags, sources, media, campaigns) for url in screen_urls(screen)),
]
