"""Reads of transfers. The scope comes first: whoever sees the whole connection, and no reseller."""

from django.db.models import QuerySet
from django.http import Http404

from orders.models import Subscription
from orders.transfers import limits
from orders.transfers.models import Transfer
from portal.access.scope import Scope
from portal.mirror.reading import for_people


def transfers(scope: Scope) -> QuerySet[Transfer]:
    """The live transfers that this scope sees, with their customer."""
    rows = scope.filter(Transfer.objects.filter(gone_at=None, customer__isnull=False))
    return for_people(rows, "customer", "connection")


def of_customer(scope: Scope, customer_id: int) -> QuerySet[Transfer]:
    """Those of one customer."""
    return transfers(scope).filter(customer=customer_id)


def transfer(scope: Scope, pk: int) -> Transfer:
    """One of them, or 404."""
    found = transfers(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def movable(scope: Scope, row: Transfer) -> list[Subscription]:
    """What could be given away: the customer's active subscriptions of new commerce, no trials."""
    rows = Subscription.objects.filter(
        connection=row.connection, customer=row.customer, gone_at=None, status="active"
    )
    found = scope.filter(rows).exclude(is_trial=True).order_by("friendly_name", "pk")
    return [one for one in found if limits.movable(one.product_type)]


def here(scope: Scope, row: Transfer) -> dict[str, int]:
    """The subscriptions of its lines that are known here, by Partner Center's id; live or gone."""
    ids = [line["subscription"] for line in row.lines or []]
    rows = scope.filter(Subscription.objects.filter(connection=row.connection, pc_id__in=ids))
    return dict(rows.values_list("pc_id", "pk"))
