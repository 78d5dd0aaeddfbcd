"""The addresses of the API and of the pages about it."""

from __future__ import annotations

from django.urls import include, path

from piste.api import gate

app_name = "api"
urlpatterns = [path("api/v1/", include(gate.patterns()))]
