"""Addresses of opportunities and the lists behind them."""

from piste.pipeline.screens import lost_reasons, opportunities, plans, stages
from piste.ui.urls import screen_urls

app_name = "pipeline"
urlpatterns = [url for screen in (opportunities, stages, lost_reasons, plans) for url in screen_urls(screen)]
