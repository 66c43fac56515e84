"""Django's migrate, then the grants and row policies of the web role."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from portal.access import wall


class Command(Migrate):
    help = "Bring the database to this release: tables, then what the web role may see and do."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; the wall follows only a whole migration, whose tables it needs."""
        super().handle(*args, **options)
        partial = options.get("app_label") or options.get("plan") or options.get("check_unapplied")
        if not partial:
            wall.apply()
