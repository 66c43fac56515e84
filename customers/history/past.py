"""What happened to a customer: the state on a day, and the changes."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy

from customers.models import Customer, ResellerLink
from portal.access.scope import Scope
from portal.outbox.history import Columns, Event
from portal.ui import formats, statuses

LIMIT = 50
COLUMNS = Columns(
    labels={
        "name": gettext_lazy("Name"),
        "domain": gettext_lazy("Domain"),
        "relationship_to_partner": gettext_lazy("Relationship"),
        "country": gettext_lazy("Country"),
        "city": gettext_lazy("City"),
        "language": gettext_lazy("Language"),
        "allow_delegated_access": gettext_lazy("Delegated access"),
        "gone_at": gettext_lazy("Gone from Partner Center"),
    },
    words={
        "relationship_to_partner": lambda value: str(statuses.status(value, "relationship").word),
        "country": formats.country,
        "language": formats.language,
    },
    detail=("country", "city", "language", "allow_delegated_access"),
)


def known_since(scope: Scope, customer: Customer) -> dt.datetime:
    """From when on this person may know of it: a reseller since the customer buys through it."""
    if scope.sees_whole(customer.connection_id):
        return customer.first_seen_at
    links = scope.filter(ResellerLink.objects.filter(customer=customer, gone_at=None))
    first = links.order_by("first_seen_at").values_list("first_seen_at", flat=True).first()
    return max(customer.first_seen_at, first or timezone.now())


def state_on(scope: Scope, customer: Customer, day: dt.date) -> list[tuple[str, str]] | None:
    """The customer at the end of a day, label and value; None where it was not known here yet."""
    after = min(day, timezone.localdate()) + dt.timedelta(days=1)
    end = timezone.make_aware(dt.datetime.combine(after, dt.time()))
    if known_since(scope, customer) >= end:
        return None
    later = _rows(customer).filter(pgh_created_at__gte=end).order_by("pgh_id").first()
    row = customer if later is None else later
    return COLUMNS.state(row)


def events(scope: Scope, customer: Customer) -> list[Event]:
    """The latest changes, newest first, since this person may know of it."""
    rows = _rows(customer).filter(pgh_created_at__gte=known_since(scope, customer))
    return COLUMNS.events(list(rows.order_by("-pgh_id")[:LIMIT]), customer)


def _rows(customer: Customer) -> Any:
    """All old rows: whoever asks narrows them to what the reader may know of."""
    return apps.get_model("customers", "CustomerEvent").objects.filter(pgh_obj_id=customer.pk)
