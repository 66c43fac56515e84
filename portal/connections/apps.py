"""Partner Center accounts: who we are there, how we sign in, how fast we may ask."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionsConfig(AppConfig):
    name = "portal.connections"
    label = "connections"
    verbose_name = _("Connections")
