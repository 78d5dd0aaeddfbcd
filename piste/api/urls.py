"""The addresses of the API and of the pages about it."""

from __future__ import annotations

from django.urls import include, path

from piste.api import gate, pages

app_name = "api"
urlpatterns = [
    path("api/v1/", include(gate.patterns())),
    path("profile/keys/new/", pages.NewKey.as_view(), name="key_new"),
    path("profile/keys/<int:pk>/revoke/", pages.revoke, name="key_revoke"),
]
