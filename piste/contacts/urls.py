"""Addresses of customers, tags and the marketing lists."""

from piste.contacts.screens import campaigns, customers, media, sources, tags
from piste.ui.urls import screen_urls

app_name = "contacts"
urlpatterns = [url for screen in (customers, tags, sources, media, campaigns) for url in screen_urls(screen)]
