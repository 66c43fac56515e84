"""Django's flush for tests: only tables with rows are emptied, and what ``migrate`` wrote stays.

Truncating all of nearly a hundred tables makes as many new files, some hundred with their indexes: half
a second of the server after every test that commits. Foreign keys are checked at the end, so the order
does not matter.
"""

from typing import Any

import pgtrigger
from django.core.management.commands.flush import Command as Flush
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

# What a migrated database has before the first test.
KEPT = {"auth_permission", "django_content_type", "django_migrations"}


class Command(Flush):
    def handle(self, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor, pgtrigger.ignore():
            for table in _with_rows(cursor):
                cursor.execute(f'DELETE FROM "{table}"')


def _with_rows(cursor: CursorWrapper) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = sorted({name for (name,) in cursor.fetchall()} - KEPT)
    looks = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names]
    cursor.execute(" UNION ALL ".join(looks))
    return [name for (name,) in cursor.fetchall()]
