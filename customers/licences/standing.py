"""How a user and a product stand: what is held, what is free, what is under way, whose the seats are."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q

from customers.licences import rules
from customers.models import CustomerUser, SubscribedSku, UserLicences
from portal.outbox.models import Command
from portal.outbox.states import OPEN

ASSIGN = "licence.assign"


def is_all_ours(row: SubscribedSku) -> bool:
    """Whether every unit that can be assigned comes from subscriptions that the reader sees.

    Idle seats are then those subscriptions'; else another seller's units are among them.
    """
    ours: int = getattr(row, "ours", 0) or 0
    return ours > 0 and ours == rules.usable(row)


def holdings(user: CustomerUser) -> UserLicences | None:
    """What the user is known to hold, None while nobody has read it."""
    return UserLicences.objects.filter(user=user, gone_at=None).first()


def holds(user: CustomerUser, row: SubscribedSku) -> bool:
    """Whether a user read with ``users_with_licences`` is known to have a product."""
    return rules.known(user, row).holds


def known(user: CustomerUser, row: SubscribedSku) -> rules.Known:
    """A user with one product, from the mirror and from what is under way. Two queries."""
    user.held = holdings(user)
    return rules.known(user, row, under_way([row]).get((row.customer_pc_id, row.pc_id), 0))


def products_of(customers: Iterable[int | None]) -> dict[int | None, dict[str, SubscribedSku]]:
    """The live products of customers that somebody sees, by customer and GUID. One query."""
    rows = SubscribedSku.objects.filter(customer__in=list(customers), gone_at=None)
    found: dict[int | None, dict[str, SubscribedSku]] = defaultdict(dict)
    for row in rows.defer("list_payload", "list_digest"):
        found[row.customer_id][row.pc_id] = row
    return found


def under_way(rows: Iterable[SubscribedSku]) -> dict[tuple[str, str], int]:
    """How many assignments of these products are asked for and not settled, by (customer, product).

    Other plans for a licence that is held take no seat.
    """
    listed = list(rows)
    if not listed:
        return {}
    brings_one = Q(parameters__has_key="seats")
    open_ones = Command.objects.filter(
        ~brings_one,
        verb=ASSIGN,
        state__in=OPEN,
        connection_id__in={row.connection_id for row in listed},
        customer_pc_id__in={row.customer_pc_id for row in listed},
    ).exclude(before__licence__sku__isnull=False)
    counted = open_ones.values_list("customer_pc_id", "parameters__sku").annotate(n=Count("pk"))
    return {(customer, sku_pc_id): n for customer, sku_pc_id, n in counted.order_by()}
