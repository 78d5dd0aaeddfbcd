"""The addresses of a screen, and those that belong to no screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from piste.ui import (
    export,
    filterviews,
    historyview,
    lookup,
    mergedview,
    mergeview,
    searches,
    similarview,
    views,
)
from piste.ui.screen import Screen


def screen_urls(screen: Screen) -> list[URLPattern]:
    """Every address of a screen, named `<model>_<view>`."""
    name, at = screen.name, screen.slug
    return [
        path(f"{at}/", views.Rows.as_view(screen=screen), name=f"{name}_rows"),
        path(f"{at}/cards/", views.Cards.as_view(screen=screen), name=f"{name}_cards"),
        path(f"{at}/filters/", filterviews.Filters.as_view(screen=screen), name=f"{name}_filters"),
        path(f"{at}/heads/", views.Heads.as_view(screen=screen), name=f"{name}_heads"),
        path(f"{at}/new/", views.Edit.as_view(screen=screen), name=f"{name}_new"),
        path(f"{at}/quick/", views.QuickCreate.as_view(screen=screen), name=f"{name}_quick"),
        path(f"{at}/similar/", similarview.Similar.as_view(screen=screen), name=f"{name}_similar_new"),
        path(f"{at}/merge/", mergeview.Merge.as_view(screen=screen), name=f"{name}_merge"),
        path(f"{at}/export/", export.Export.as_view(screen=screen), name=f"{name}_export"),
        path(f"{at}/do/<slug:name>/", views.Act.as_view(screen=screen), name=f"{name}_bulk"),
        path(f"{at}/<int:pk>/", views.Page.as_view(screen=screen), name=f"{name}_page"),
        path(f"{at}/<int:pk>/edit/", views.Edit.as_view(screen=screen), name=f"{name}_edit"),
        path(f"{at}/<int:pk>/similar/", similarview.Similar.as_view(screen=screen), name=f"{name}_similar"),
        path(f"{at}/<int:pk>/move/", views.Move.as_view(screen=screen), name=f"{name}_move"),
        path(f"{at}/<int:pk>/delete/", views.Delete.as_view(screen=screen), name=f"{name}_delete"),
        path(f"{at}/<int:pk>/cell/<slug:name>/", views.Cell.as_view(screen=screen), name=f"{name}_cell"),
        path(f"{at}/<int:pk>/do/<slug:name>/", views.Act.as_view(screen=screen), name=f"{name}_act"),
    ]


app_name = "ui"
urlpatterns = [
    path("lookup/<str:model>/", lookup.Lookup.as_view(), name="lookup"),
    path("operations/", historyview.History.as_view(), name="history"),
    path("operations/<uuid:pk>/merged/", mergedview.WhatWasMerged.as_view(), name="merged"),
    path("operations/<uuid:pk>/undo/", historyview.Undo.as_view(), name="undo"),
    path("searches/", searches.Searches.as_view(), name="searches"),
    path("searches/new/", searches.NewSearch.as_view(), name="search_new"),
    path("searches/<int:pk>/edit/", searches.EditSearch.as_view(), name="search_edit"),
    path("searches/<int:pk>/<slug:act>/", searches.ChangeSearch.as_view(), name="search_change"),
]
