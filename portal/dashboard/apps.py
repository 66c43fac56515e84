"""The staff home and global search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "portal.dashboard"

    def ready(self) -> None:
        from portal.dashboard import mirror_age, search_sources
        from portal.ui import menu, search, shell

        menu.register(menu.Item(_("Home"), "home", icon="home", section=menu.TOP, order=1))
        menu.register(
            menu.Item(
                _("Activity"),
                "activity",
                icon="history",
                section=menu.INSIGHT,
                order=90,
                right="activity.view",
            )
        )
        for source in search_sources.SOURCES:
            search.register(source)
        shell.set_mirror(mirror_age.of_request)
