from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "piste.contacts"

    def ready(self) -> None:
        from piste.contacts import rules, screens
