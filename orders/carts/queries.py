"""Reads of carts. The scope comes first: a reseller's people see the carts that name it as reseller on record."""

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from customers.models import Customer, ResellerLink
from orders.carts.models import Cart, CartState, LineState
from orders.carts.part import RIGHT
from orders.catalogue.models import Sku
from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.mirror.reading import for_people

FEW = 30


def carts(scope: Scope, customer_id: int | None = None) -> QuerySet[Cart]:
    """The carts of this scope, or of one customer in it, with ``line_count`` and ``refused``."""
    rows = scope.filter(Cart.objects.filter(customer__gone_at=None))
    if customer_id is not None:
        rows = rows.filter(customer=customer_id)
    counted = rows.annotate(
        line_count=Count("lines"),
        refused=Count("lines", filter=Q(lines__state=LineState.REFUSED)),
    )
    return for_people(counted, "connection", "customer", "reseller").select_related("author")


def cart(scope: Scope, pk: int) -> Cart:
    """One cart; 404 outside the scope."""
    found = carts(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_ones(scope: Scope, connection_id: int, market: str) -> list[Cart]:
    """The newest open carts of a market into which this person may put something."""
    rows = carts(scope.narrowed(RIGHT)).filter(
        connection=connection_id, customer__country=market, state=CartState.OPEN
    )
    return list(rows.order_by("-changed_at", "-pk")[:FEW])


def sku(scope: Scope, pk: int) -> Sku:
    """What is to be put into a cart, with its product; 404 outside the scope."""
    rows = Sku.objects.filter(pk=pk, gone_at=None, product__isnull=False)
    seen = scope.visible_connection_ids()
    if seen is not None:
        rows = rows.filter(connection__in=seen)
    found = for_people(rows, "product", "connection").first()
    if found is None:
        raise Http404
    return found


def customer_named(scope: Scope, told: str, connection_id: int | None = None) -> list[Customer]:
    """The customers that a tenant id, a domain or a whole name means; two at most."""
    meant = Q(pc_id=told.lower()) | Q(domain__iexact=told) | Q(name__iexact=told)
    rows = Customer.objects.filter(meant, gone_at=None)
    if connection_id is not None:
        rows = rows.filter(connection=connection_id)
    return list(for_people(scope.filter(rows), "connection")[:2])


def resellers_of(scope: Scope, customer: Customer) -> list[Reseller]:
    """The indirect resellers of a customer that this scope sees."""
    links = ResellerLink.objects.filter(customer=customer, gone_at=None, reseller__isnull=False)
    ids = scope.filter(links).values("reseller")
    return list(for_people(Reseller.objects.filter(pk__in=ids)).order_by("name", "pk"))
