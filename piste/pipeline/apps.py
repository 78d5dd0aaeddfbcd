from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "piste.pipeline"

    def ready(self) -> None:
        from piste.pipeline import handlers, leadscreen, options, rules
