"""Who may see and do what: people, roles, scope, and the database wall behind them."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "portal.access"
    label = "access"
