"""That a change will wait for a second person, said on the page that asks for it."""

from typing import Any

from django.utils.translation import gettext_lazy

from portal.access.scope import Scope
from portal.outbox.approvals import deciding

WAITS = gettext_lazy("A second person must approve it before it is sent.")


def waits(scope: Scope, row: Any, verb: str, seats: int | None = None) -> str:
    """That the verb waits, "" if it goes out at once. One query; a rule by amount reads the cost as well.

    ``seats`` are those that are bought or given back; None where it is about all that the row has.
    """
    wish = deciding.Wish(
        verb=verb,
        connection=row.connection,
        reseller_id=getattr(row, "reseller_id", None),
        before={},
        after={} if seats is None else {"quantity": abs(seats)},
    )
    return "" if deciding.needed(scope, wish, row) is None else str(WAITS)


def told(
    points: list[str], scope: Scope, row: Any, verb: str, seats: int | None = None
) -> list[str]:
    """The points of a confirming panel with it, where they do not say so already."""
    if not verb or str(WAITS) in points:
        return points
    words = waits(scope, row, verb, seats)
    return [*points, words] if words else points
