"""Lines of an invoice as values of their columns."""

from decimal import Decimal

from django.utils import timezone

from billing import mapping, sync
from portal.connections.models import Connection
from portal.mirror.families import Reading


def test_a_line_by_itself_reads_as_in_a_page() -> None:
    listed = sync.LINE_FAMILY.listing
    reading = Reading(connection=Connection(), observed_at=timezone.now())
    found = listed.representation.map({"customerId": "c1", "unitPrice": 1.5}, reading)
    assert tuple(found) == mapping.LINE_COLUMNS
    assert found["customer_pc_id"] == "c1"
    assert found["unit_price"] == Decimal("1.5")
