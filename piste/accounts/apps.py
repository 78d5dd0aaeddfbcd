from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "piste.accounts"

    def ready(self) -> None:
        from piste.accounts import rules, screens
