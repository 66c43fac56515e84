"""The interface's building blocks: no models, no pages of their own."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Engines and desks register their menu entries, panels and search sources here."""

    name = "portal.ui"
    label = "ui"
