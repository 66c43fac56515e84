"""What may still become of an order, as far as the mirror knows; Partner Center has the last word.

Only legacy orders are billed in another cycle or take an add-on (rule billing_cycle_change, facts addons).
An order is cancelled in an integration sandbox, and anywhere while its software is within its window
(rules cancel_how, cancel_window); seats are cancelled on their subscription.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Order, Product, Subscription
from portal.access.refusing import RefusedError
from portal.connections.models import Environment
from portal.mirror.values import GUID
from portal.ui import formats

# What a legacy offer can be billed by (change-the-billing-cycle).
LEGACY_CYCLES = ("monthly", "annual")
CANCELLED = "cancelled"
PERPETUAL, PERPETUAL_WINDOW = "SoftwarePerpetual", dt.timedelta(days=30)
SOFTWARE = frozenset({"software", "softwaresubscription", "perpetualsoftware"})


def is_legacy(row: Order) -> bool:
    """Whether it bought legacy offers alone, which are known by one GUID each."""
    kept = row.lines or []
    return bool(kept) and all(GUID.fullmatch(line["offer_id"]) for line in kept)


def may_change(row: Order) -> None:
    """Refuse what nobody can change any more."""
    if row.gone_at is not None or row.connection.is_retired:
        raise RefusedError("gone", _("Partner Center no longer has this order."))
    if row.status == CANCELLED:
        raise RefusedError("cancelled", _("This order is cancelled already."))


def may_change_legacy(row: Order) -> None:
    """Refuse new commerce, which is billed and extended on its subscriptions."""
    may_change(row)
    if not is_legacy(row):
        told = _(
            "This can be asked of legacy orders alone. New commerce has it on the subscription."
        )
        raise RefusedError("not_legacy", told)


def new_cycle(row: Order, cycle: str) -> str:
    """The billing cycle that is asked for. Raises RefusedError."""
    may_change_legacy(row)
    if cycle not in LEGACY_CYCLES:
        raise RefusedError("cycle_unknown", _("Choose monthly or annual billing."), "cycle")
    if cycle == row.billing_cycle:
        raise RefusedError("cycle_unchanged", _("It is billed so already."), "cycle")
    return cycle


def may_cancel(row: Order) -> None:
    """Refuse an order of seats anywhere, and outside a sandbox one whose window is known to be closed."""
    may_change(row)
    sold = sold_by(row)
    if any(one.product_type.lower() not in SOFTWARE for one in sold):
        told = _("An order of seats or usage is not cancelled. Cancel or suspend its subscription.")
        raise RefusedError("of_subscriptions", told)
    now = row.connection.now()
    if not sold and not is_sandbox(row):
        _may_cancel_perpetual(row, now)
    for one in sold:
        until = one.cancellation_allowed_until
        if until is None or until < now:
            told = _("%(name)s can no longer be cancelled.") % {"name": str(one)}
            raise RefusedError("window_passed", told)


def _may_cancel_perpetual(row: Order, now: dt.datetime) -> None:
    """Outside a sandbox, of what is no subscription only perpetual software is cancelled (error 800019)."""
    names = {line["offer_id"].partition(":")[0] for line in row.lines or []}
    known = Product.objects.filter(connection=row.connection_id, pc_id__in=names)
    kinds = set(known.values_list("product_subtype", flat=True))
    if kinds - {PERPETUAL}:
        told = _("Outside a sandbox only software can be cancelled.")
        raise RefusedError("not_software", told)
    until = perpetual_until(row)
    if kinds and until is not None and until < now:
        told = _("%(name)s can no longer be cancelled.") % {"name": row.name}
        raise RefusedError("window_passed", told)


def perpetual_until(row: Order) -> dt.datetime | None:
    """Until when perpetual software is given back for all that was paid (rule cancel_window)."""
    return row.creation_date + PERPETUAL_WINDOW if row.creation_date else None


def is_cancellable(row: Order) -> bool:
    """Whether nothing that is known bars it."""
    try:
        may_cancel(row)
    except RefusedError:
        return False
    return True


def sold_by(row: Order) -> list[Subscription]:
    """The subscriptions that came of its lines, live ones alone."""
    ids = [line["subscription"] for line in row.lines or [] if line["subscription"]]
    rows = Subscription.objects.filter(connection=row.connection, pc_id__in=ids, gone_at=None)
    return list(rows.order_by("pk"))


def is_sandbox(row: Order) -> bool:
    """Whether its connection is one of an integration sandbox."""
    return row.connection.environment == Environment.SANDBOX


def undone_until(row: Order) -> str:
    """Until when its software can be cancelled, in words; "" where nothing says so."""
    moments = [one.cancellation_allowed_until for one in sold_by(row)]
    known = [one for one in moments if one]
    return formats.when(min(known)) if known else ""


def addon(row: Order, values: dict[str, Any]) -> dict[str, Any]:
    """What is asked to be added: offer, base and number, checked. Raises RefusedError."""
    may_change_legacy(row)
    base = next((one for one in sold_by(row) if one.pk == values["base"]), None)
    if base is None:
        raise RefusedError("base_unknown", _("Choose a subscription of this order."), "base")
    offer = values["offer"]
    if base.offer_id.lower() not in (offer.prerequisite_offers or ()):
        told = _("%(offer)s cannot be added to %(base)s.") % {"offer": offer.name, "base": base}
        raise RefusedError("addon_unrelated", told, "offer")
    quantity = values["quantity"]
    if (offer.minimum or 1) > quantity or (offer.maximum and quantity > offer.maximum):
        told = _("This offer is sold from %(least)s to %(most)s.") % {
            "least": formats.count(offer.minimum or 1),
            "most": formats.count(offer.maximum),
        }
        raise RefusedError("quantity_outside", told, "quantity")
    return {"offer": offer, "base": base, "quantity": quantity}
