"""The portal as a Django app: management commands, translations, start-up checks."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

from portal import logs


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"

    def ready(self) -> None:
        logs.configure()


class StaticConfig(StaticFilesConfig):
    """Static files without what no page uses, half of all by size: they would be compressed at every release."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc", "rest_framework"]
