from django.apps import AppConfig
from django.core import checks


class UiConfig(AppConfig):
    name = "piste.ui"

    def ready(self) -> None:
        from piste.ui.checks import check_screens

        checks.register(check_screens)
