"""Reads of customers' users and roles. The scope comes first."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import RawSQL
from django.http import Http404

from customers.models import Customer, CustomerUser, DirectoryRole, ResellerLink
from customers.queries import FEW
from portal.access.scope import Scope
from portal.mirror.reading import for_people

RIGHT = "customer_users.view"
_YES_NO: "BooleanField[bool, bool]" = BooleanField()


def users(scope: Scope) -> QuerySet[CustomerUser]:
    """The live rows of users, deleted ones of the last 30 days included, with customer and connection.

    Whoever sees a customer does not see its people by that alone: the right must hold there.
    """
    live = CustomerUser.objects.filter(gone_at=None, customer__isnull=False)
    rows = scope.narrowed(RIGHT).filter(live)
    return for_people(rows, "customer", "connection")


def of_customer(scope: Scope, customer: Customer) -> QuerySet[CustomerUser]:
    """Those of one customer, each with ``role_names``."""
    roles = DirectoryRole.objects.filter(
        Func(F("member_ids"), OuterRef("pc_id"), function="jsonb_exists", output_field=_YES_NO),
        customer=OuterRef("customer"),
        gone_at=None,
    )
    names = ArraySubquery(roles.order_by("name").values("name"))
    return users(scope).filter(customer=customer).annotate(role_names=names)


def with_reseller(scope: Scope, rows: QuerySet[CustomerUser]) -> QuerySet[CustomerUser]:
    """The same with ``reseller_id``: the only reseller of this scope that sells to them."""
    links = scope.filter(ResellerLink.objects.filter(gone_at=None, reseller__isnull=False))
    of_customer = links.filter(customer=OuterRef("customer")).order_by().values("customer")
    sole = of_customer.annotate(n=Count("reseller", distinct=True), only=Min("reseller"))
    found = Subquery(sole.filter(n=1).values("only"), output_field=BigIntegerField(null=True))
    return rows.annotate(reseller_id=found)


def user(scope: Scope, pk: int) -> CustomerUser:
    """One user, live or gone; 404 outside the scope."""
    seen = scope.narrowed(RIGHT)
    rows = seen.filter(CustomerUser.objects.filter(pk=pk, customer__isnull=False))
    found = for_people(rows, "customer", "connection").first()
    if found is None:
        raise Http404
    return found


def known_as(
    queryset: QuerySet[CustomerUser], text: str, ids: list[int] | None
) -> QuerySet[CustomerUser]:
    """As ``matching``, over all customers. ``ids`` is what ``search.ids`` found, None for too short a text."""
    if ids is not None and len(ids) <= FEW:
        return queryset.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))
    return matching(queryset, text)


def matching(queryset: QuerySet[CustomerUser], text: str) -> QuerySet[CustomerUser]:
    """Keep users whose name or user name holds the text, or whose id is the text."""
    found = Q(display_name__icontains=text) | Q(user_principal_name__icontains=text)
    return queryset.filter(found | Q(pc_id=text.lower()))
