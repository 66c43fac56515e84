"""Reads of customers' users and roles. The scope comes first."""

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet
from django.http import Http404

from customers.models import Customer, CustomerUser, DirectoryRole, UserState
from portal.access.scope import Scope
from portal.mirror.reading import for_people

RIGHT = "customer_users.view"
_YES_NO: "BooleanField[bool, bool]" = BooleanField()


def users(scope: Scope) -> QuerySet[CustomerUser]:
    """The live rows of users, deleted ones of the last 30 days included, with customer and connection."""
    rows = scope.filter(CustomerUser.objects.filter(gone_at=None, customer__isnull=False))
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


def user(scope: Scope, pk: int) -> CustomerUser:
    """One user, live or gone; 404 outside the scope."""
    rows = scope.filter(CustomerUser.objects.filter(pk=pk, customer__isnull=False))
    found = for_people(rows, "customer", "connection").first()
    if found is None:
        raise Http404
    return found


def matching(queryset: QuerySet[CustomerUser], text: str) -> QuerySet[CustomerUser]:
    """Keep users whose name or user name holds the text, or whose id is the text."""
    found = Q(display_name__icontains=text) | Q(user_principal_name__icontains=text)
    return queryset.filter(found | Q(pc_id=text.lower()))


def roles(customer: Customer) -> list[DirectoryRole]:
    """The roles of a customer's directory as last read; none while nobody has."""
    rows = DirectoryRole.objects.filter(customer=customer, gone_at=None)
    return list(rows.order_by("name", "pk"))


def roles_of(user: CustomerUser, known: Sequence[DirectoryRole]) -> list[DirectoryRole]:
    """Those of the roles that the user holds."""
    return [role for role in known if user.pc_id in role.member_ids]


def administrators(customer: Customer) -> list[str]:
    """The ids of the active users who rule the whole directory, as far as the mirror knows."""
    held = {
        member
        for role in roles(customer)
        if role.is_global_administrator
        for member in role.member_ids
    }
    rows = CustomerUser.objects.filter(
        customer=customer, gone_at=None, state=UserState.ACTIVE, pc_id__in=held
    )
    return list(rows.order_by("pc_id").values_list("pc_id", flat=True))


def domains(customer: Customer) -> list[str]:
    """The domains that are known to be the customer's, its first one first.

    They are those of its profile, once that was read (get-a-customer-by-id), and of its users.
    """
    detail = (
        Customer.objects.filter(pk=customer.pk).values_list("detail_payload", flat=True).first()
    )
    found = [customer.domain, *((detail or {}).get("customDomains") or [])]
    names = CustomerUser.objects.filter(
        customer=customer, gone_at=None, state=UserState.ACTIVE
    ).values_list("user_principal_name", flat=True)
    found += sorted({name.partition("@")[2] for name in names[:1000]})
    kept = (str(domain).strip().lower() for domain in found)
    return list(dict.fromkeys(domain for domain in kept if domain))


def taken(customer: Customer, name: str, own: CustomerUser | None = None) -> bool:
    """Whether another active user of the customer is known to have this user name."""
    rows = CustomerUser.objects.filter(
        customer=customer, gone_at=None, state=UserState.ACTIVE, user_principal_name__iexact=name
    )
    return (rows.exclude(pk=own.pk) if own else rows).exists()
