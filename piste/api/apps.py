from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "piste.api"

    def ready(self) -> None:
        from piste.api import pages, tasks
