"""The addresses of the import wizard."""

from __future__ import annotations

from django.urls import path

from piste.ui.exchange import views

app_name = "imports"
urlpatterns = [
    path("import/", views.Start.as_view(), name="start"),
    path("import/template/<slug:slug>/", views.Template.as_view(), name="template"),
    path("import/<int:pk>/", views.Job.as_view(), name="job"),
    path("import/<int:pk>/columns/", views.Columns.as_view(), name="columns"),
    path("import/<int:pk>/words/", views.Words.as_view(), name="words"),
    path("import/<int:pk>/run/", views.Run.as_view(), name="run"),
    path("import/<int:pk>/progress/", views.Progress.as_view(), name="progress"),
    path("import/<int:pk>/rejected/", views.Rejected.as_view(), name="rejected"),
    path("import/<int:pk>/discard/", views.Discard.as_view(), name="discard"),
]
