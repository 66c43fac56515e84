"""The staff home and global search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "portal.dashboard"

    def ready(self) -> None:
        from portal.access.http import scope_of
        from portal.dashboard import mirror_age, overview, search_sources
        from portal.dashboard.activity_log import queries, views
        from portal.ui import directory, menu, search, shell

        directory.register(
            directory.Entry(
                views.ACTIVITY,
                lambda request: queries.timeline(scope_of(request)),
                "activity",
                right=queries.RIGHT,
                icon="history",
                order=90,
                selectable=False,  # a row opens in its place
            )
        )

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
        overview.register()
        shell.set_mirror(mirror_age.of_request)
