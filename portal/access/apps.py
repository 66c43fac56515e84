"""Who may see and do what: people, roles, scope, and the database wall behind them."""

from importlib import import_module

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "portal.access"
    label = "access"

    def ready(self) -> None:
        from portal.access import entering, standing, sync
        from portal.ui import shell

        import_module("portal.access.schema")  # describing the two ways in registers them
        sync.setup()
        shell.set_guard(standing.may)
        shell.set_reenter(entering.reenter)
        shell.set_role(standing.role_label)
