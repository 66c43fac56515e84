"""What belongs to a row of the mirror ends with it."""

from collections.abc import Iterable

from django.db import connection as database
from django.db import models


def end_with(model: type[models.Model], owner: str, ids: Iterable[int]) -> list[int]:
    """Mark live rows of a model as gone whose owner is gone, at the owner's moment; returns their ids.

    ``owner`` is the foreign key that leads to it, ``ids`` are the owners that changed.
    """
    meta = model._meta  # noqa: SLF001 - Django's documented model API
    key = meta.get_field(owner)
    above = key.related_model._meta.db_table  # type: ignore[union-attr] # noqa: SLF001 - of a foreign key
    with database.cursor() as cursor:
        cursor.execute(
            f"UPDATE {meta.db_table} AS stored SET gone_at = above.gone_at"  # noqa: S608 - own names
            f" FROM {above} AS above WHERE above.id = ANY(%s) AND stored.{owner}_id = above.id"
            " AND stored.gone_at IS NULL AND above.gone_at IS NOT NULL RETURNING stored.id",
            [list(ids)],
        )
        return [pk for (pk,) in cursor.fetchall()]
