"""The portal as a Django app: management commands, translations, start-up checks."""

from django.apps import AppConfig

from portal import logs


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"

    def ready(self) -> None:
        logs.configure()
