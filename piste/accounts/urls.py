"""Addresses of people and teams."""

from piste.accounts.screens import people, teams
from piste.ui.urls import screen_urls

app_name = "accounts"
urlpatterns = [url for screen in (people, teams) for url in screen_urls(screen)]
