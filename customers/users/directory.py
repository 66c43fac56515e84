"""What is known of the directory of a customer that somebody sees: roles, administrators, domains, names."""

from collections.abc import Iterable, Sequence

from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Lower

from customers.models import Customer, CustomerUser, DirectoryRole, UserState
from customers.users.part import TARGET
from portal.outbox.models import Command
from portal.outbox.states import OPEN


def roles(customer: Customer) -> list[DirectoryRole]:
    """The roles of a customer's directory as last read; none while nobody has."""
    rows = DirectoryRole.objects.filter(customer=customer, gone_at=None)
    return list(rows.order_by("name", "pk"))


def roles_of(user: CustomerUser, known: Sequence[DirectoryRole]) -> list[DirectoryRole]:
    """Those of the roles that the user holds."""
    return [role for role in known if user.pc_id in role.member_ids]


def administrators(customer: Customer) -> list[str]:
    """The ids of the active users who rule the whole directory, as far as is known here.

    Who is about to be deleted, or to lose the role, is none any more.
    """
    return administrators_of([customer.pk])[customer.pk]


def administrators_of(customers: Iterable[int]) -> dict[int, list[str]]:
    """The same of many customers, by their local ids. Two queries for all of them."""
    wanted = list(customers)
    known = DirectoryRole.objects.filter(customer__in=wanted, gone_at=None)
    ruling = [role for role in known if role.is_global_administrator]
    held = {member for role in ruling for member in role.member_ids}
    rows = CustomerUser.objects.filter(
        customer__in=wanted, gone_at=None, state=UserState.ACTIVE, pc_id__in=held
    )
    lost = Q(
        verb="customer_user.remove_role",
        parameters__role_id__in=[role.pc_id for role in ruling],
    )
    leaving = Command.objects.filter(
        lost | Q(verb="customer_user.delete"), target_type=TARGET, state__in=OPEN
    )
    left = rows.exclude(pk__in=leaving.values("target_id")).order_by("pc_id")
    found: dict[int, list[str]] = {pk: [] for pk in wanted}
    for customer_id, pc_id in left.values_list("customer_id", "pc_id"):
        found[customer_id].append(pc_id)
    return found


def domains(customer: Customer) -> list[str]:
    """The domains that are known to be the customer's, its first one first.

    They are those of its profile, once that was read (get-a-customer-by-id), and of its users.
    """
    detail = (
        Customer.objects.filter(pk=customer.pk).values_list("detail_payload", flat=True).first()
    )
    found = [customer.domain, *((detail or {}).get("customDomains") or [])]
    rows = CustomerUser.objects.filter(customer=customer, gone_at=None, state=UserState.ACTIVE)
    theirs = Func("user_principal_name", Value("@"), Value(2), function="split_part")
    named = rows.annotate(theirs=Lower(theirs, output_field=TextField()))
    found += named.order_by("theirs").values_list("theirs", flat=True).distinct()
    kept = (str(domain).strip().lower() for domain in found)
    return list(dict.fromkeys(domain for domain in kept if domain))


def taken(customer: Customer, name: str, own: CustomerUser | None = None) -> bool:
    """Whether another active user of the customer is known to have this user name."""
    rows = CustomerUser.objects.filter(
        customer=customer, gone_at=None, state=UserState.ACTIVE, user_principal_name__iexact=name
    )
    return (rows.exclude(pk=own.pk) if own else rows).exists()
