"""All addresses, with those of the import wizard whether or not the project includes them already."""

from __future__ import annotations

from django.urls import include, path

from piste.site import urls

urlpatterns = [path("", include("piste.ui.exchange.urls")), *urls.urlpatterns]
handler403, handler404 = urls.handler403, urls.handler404
