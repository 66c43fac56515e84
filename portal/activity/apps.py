"""The log of what people and the portal did, and Partner Center's own audit records."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "portal.activity"
    label = "activity"

    def ready(self) -> None:
        from portal.activity import sync, webhooks

        sync.setup()
        webhooks.setup()
