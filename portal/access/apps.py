"""Who may see and do what: people, roles, scope, and the database wall behind them."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "portal.access"
    label = "access"

    def ready(self) -> None:
        from portal.access import entering, standing, sync
        from portal.ui import shell

        sync.setup()
        shell.set_guard(standing.may)
        shell.set_reenter(entering.reenter)
        shell.set_role(standing.role_label)
