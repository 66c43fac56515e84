"""What a customer's overview says of its people, licences and budget, and what needs somebody. One query."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from customers.agreements.part import AGREEMENTS
from customers.licences.sync import SKUS
from customers.models import (
    AdminRelationship,
    Agreement,
    Customer,
    CustomerUser,
    DirectSignature,
    SubscribedSku,
    UsageBudget,
)
from customers.models.permission import STANDING
from customers.models.user import UserState
from customers.permissions.finding import NOT_EXTENDED
from customers.permissions.standing import SOON
from customers.permissions.words import FAMILY
from customers.spending.part import BUDGETS
from customers.users.part import USERS
from customers.users.queries import RIGHT
from portal.access.http import scope_of
from portal.mirror.models import Freshness
from portal.ui import cards


@dataclass(frozen=True)
class Glance:
    """What the mirror knows of one customer; None stands for what was not read yet."""

    users: int | None
    deleted: int
    bought: int | None
    assigned: int
    budget: Decimal | None
    budget_read: bool
    has_agreement: bool | None
    has_permission: bool | None
    permission_ends: dt.datetime | None

    @property
    def needs(self) -> bool:
        """Whether something of this is for somebody to do."""
        return self.lacks_agreement or self.lacks_permission or self.ends_soon

    @property
    def idle(self) -> int:
        """Units that nobody holds; of a tenant, whoever sold them."""
        return max((self.bought or 0) - self.assigned, 0)

    @property
    def lacks_agreement(self) -> bool:
        """Whether it is known that none is confirmed or signed."""
        return self.has_agreement is False

    @property
    def lacks_permission(self) -> bool:
        """Whether it is known that the customer lets the partner into nothing."""
        return self.has_permission is False

    @property
    def ends_soon(self) -> bool:
        """Whether all that the customer permits ends within thirty days, and not by extension."""
        return self.permission_ends is not None and self.permission_ends < timezone.now() + SOON


def register() -> None:
    """Add the card; called from CustomersConfig.ready."""
    card = cards.Card("glance", "customers/_glance.html", _find, 10, "customers.view")
    cards.register("customer", card)


def _find(request: HttpRequest, row: Customer) -> dict[str, Any]:
    return {"glance": glance(row), "sees_people": scope_of(request).can(RIGHT, row)}


def glance(row: Customer) -> Glance:
    """Return what is known of a customer that the reader has been found to see."""
    live = {"customer": OuterRef("pk"), "gone_at": None}
    users = CustomerUser.objects.filter(**live)
    deleted = {"state": UserState.INACTIVE}
    skus = SubscribedSku.objects.filter(**live)
    permitted = AdminRelationship.objects.filter(**live, status__in=STANDING)
    signed = DirectSignature.objects.filter(**live, is_signed=True)
    found = (
        Customer.objects.filter(pk=row.pk)
        .annotate(
            users_read=_read(USERS),
            users_here=_total(users.exclude(**deleted), Count("pk")),
            users_deleted=_total(users.filter(**deleted), Count("pk")),
            skus_read=_read(SKUS),
            bought=_total(skus, Sum(F("units_active") + F("units_warning"))),
            assigned=_total(skus, Sum("units_consumed")),
            budget_read=_read(BUDGETS),
            budget=Subquery(UsageBudget.objects.filter(**live).values("amount")[:1]),
            agreements_read=_read(AGREEMENTS),
            agreed=Exists(Agreement.objects.filter(**live)) | Exists(signed),
            permissions_read=_read(FAMILY, whole=True),
            permitted=Exists(permitted),
            lasting=Exists(permitted.exclude(extension__in=NOT_EXTENDED)),
            permission_ends=Subquery(
                permitted.order_by().values("customer").annotate(n=Max("ends_at")).values("n")
            ),
        )
        .values()
        .get()
    )
    return Glance(
        users=found["users_here"] if found["users_read"] else None,
        deleted=found["users_deleted"],
        bought=found["bought"] if found["skus_read"] else None,
        assigned=found["assigned"],
        budget=found["budget"],
        budget_read=found["budget_read"],
        has_agreement=found["agreed"] or (False if found["agreements_read"] else None),
        has_permission=found["permitted"] or (False if found["permissions_read"] else None),
        permission_ends=None if found["lasting"] else found["permission_ends"],
    )


def _read(family: str, *, whole: bool = False) -> Exists:
    parent: Any = "" if whole else OuterRef("pc_id")
    return Exists(
        Freshness.objects.filter(
            connection=OuterRef("connection"),
            family=family,
            parent=parent,
            complete_at__isnull=False,
        )
    )


def _total(rows: QuerySet[Any], of: Any) -> Coalesce:
    by_customer = rows.order_by().values("customer").annotate(n=of).values("n")
    return Coalesce(Subquery(by_customer), 0, output_field=BigIntegerField())
