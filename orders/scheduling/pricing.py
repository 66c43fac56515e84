"""What another term, billing or number of seats comes to a month beside what it is now, said before it is asked."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Subscription
from orders.prices import quoting, running
from orders.prices.running import Figure
from orders.scheduling import forms
from portal.access.scope import Scope
from portal.ui import formats


def compared(
    scope: Scope, row: Subscription, values: dict[str, Any], day: dt.date | None = None
) -> list[str]:
    """A line for each side that this person sees of what a form holds.

    ``day`` is the one on which its term begins, None for the running term.
    """
    shown = running.shown(scope, row)
    if not shown:
        return []
    wish, seats = forms.wish_of(values), values.get("seats") or row.quantity
    product, _colon, rest = wish.product.partition(":")
    own = running.item(row)
    item = replace(
        own,
        product_id=product or own.product_id,
        sku_id=rest.partition(":")[0] or own.sku_id,
        term=wish.term or own.term,
        cycle=wish.cycle or own.cycle,
    )
    now = running.monthly(scope, [row])[row.pk]
    (asked,) = quoting.quote(scope, [item], day or running.began(row))
    then = {side: running.a_month(amount, seats, item.cycle) for side, amount in asked.items()}
    return [_line(str(running.MONTHLY[side]), now.get(side), then.get(side)) for side in shown]


def _line(label: str, now: Figure | None, then: Figure | None) -> str:
    names = {"label": label, "now": _shown(now), "then": _shown(then)}
    told = _("%(label)s: %(now)s now, %(then)s then") % names
    return f"{told} ({then.note})" if then and then.note else told


def _shown(figure: Figure | None) -> str:
    return formats.money(figure.value, figure.currency) if figure else formats.DASH
