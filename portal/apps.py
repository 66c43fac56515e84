"""The portal as a Django app: management commands, translations, start-up checks."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
