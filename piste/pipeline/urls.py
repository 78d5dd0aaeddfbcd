"""Addresses of leads, opportunities and the lists behind them."""

from django.urls import path

from piste.pipeline.leadscreen import leads
from piste.pipeline.leadviews import Seen
from piste.pipeline.scoreviews import Report, ScoreOfDeal
from piste.pipeline.screens import lost_reasons, opportunities, plans, stages
from piste.ui.urls import screen_urls

app_name = "pipeline"
urlpatterns = [
    path("leads/<int:pk>/seen/", Seen.as_view(), name="lead_seen"),
    path("leads/<int:pk>/score/", ScoreOfDeal.as_view(screen=leads), name="lead_score"),
    path(
        "opportunities/<int:pk>/score/", ScoreOfDeal.as_view(screen=opportunities), name="opportunity_score"
    ),
    path("scoring/", Report.as_view(), name="scoring"),
    *(url for screen in (leads, opportunities, stages, lost_reasons, plans) for url in screen_urls(screen)),
]
