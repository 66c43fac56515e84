"""The documented answers of subscriptions as columns, and every field of them in the row."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from orders import mapping
from orders.models import Subscription
from portal.connections.models import Connection
from portal.mirror.families import Reading
from tests.factories import make_connection, make_customer, store

DATA = Path(__file__).resolve().parents[1] / "contract" / "data"
READING = Reading(connection=Connection(), observed_at=timezone.now(), parent="the-customer")
UTC = dt.UTC


def answer(path: str) -> Any:
    return json.loads((DATA / f"{path}.json").read_bytes())["response"]["body"]


def documented() -> list[tuple[str, dict[str, Any]]]:
    """Every documented answer that is a subscription or a list of them."""
    found = []
    for path in sorted(DATA.glob("*/*.json")):
        document = json.loads(path.read_bytes())
        body = (document.get("response") or {}).get("body")
        rows = body.get("items", [body]) if isinstance(body, dict) else []
        for place, row in enumerate(rows):
            kind = (row.get("attributes") or {}).get("objectType") if isinstance(row, dict) else ""
            if kind == "Subscription" and row.get("id"):
                found.append((f"{path.stem} {place}", row))
    return found


def test_a_new_commerce_answer() -> None:
    columns = mapping.detailed(answer("new-commerce/get-a-subscription-by-id-2"), READING)
    assert set(columns) == set(mapping.DETAIL_COLUMNS)
    assert columns["customer_pc_id"] == "the-customer"
    assert (columns["product_id"], columns["sku_id"]) == ("CFQ7TTC0LH18", "0001")
    assert (columns["quantity"], columns["status"]) == (15, "expired")
    assert columns["auto_renew"] is False
    assert (columns["term_duration"], columns["billing_cycle"]) == ("P1Y", "monthly")
    assert columns["commitment_end_date"] == dt.datetime(2022, 1, 13, tzinfo=UTC)
    assert columns["refundable_total"] == 10
    assert columns["refundable_lots"] == [
        {"quantity": 10, "allowed_until": "2021-01-24T20:39:17.182697+00:00"}
    ]
    assert columns["refund_until"] is None, "that deadline has passed"


def test_a_legacy_answer_has_no_product_and_no_refund() -> None:
    columns = mapping.detailed(answer("examples/get-a-subscription-by-id-2"), READING)
    assert (columns["product_id"], columns["sku_id"], columns["product_type"]) == ("", "", "")
    assert columns["offer_id"] == "2828BE95-46BA-4F91-B2FD-0BEF192ECF60"
    assert columns["parent_pc_id"] == "1c2b75c1-74a5-472a-a729-7f8cefc477f9"
    assert (columns["refundable_total"], columns["refundable_lots"]) == (0, [])


def test_the_next_deadline_is_the_first_that_is_still_open() -> None:
    now = READING.observed_at
    moments = [now + dt.timedelta(days=days) for days in (-1, 5, 2)]
    details = [{"quantity": 1, "allowedUntilDateTime": moment.isoformat()} for moment in moments]
    payload = {"id": "x", "refundableQuantity": {"totalQuantity": 2, "details": details}}
    assert mapping.detailed(payload, READING)["refund_until"] == moments[2]


def test_what_is_scheduled_in_either_form() -> None:
    body = answer("new-commerce/create-scheduled-changes")
    told = mapping.detailed(body, READING)["scheduled_change"]
    assert told["product"]["termDuration"] == "P3Y"
    assert (told["quantity"], told["source"]) == (1, "scheduledNextTermInstructions")
    newer = body | {"scheduledActions": [{"scheduleType": "TermEnd", "actionType": "Cancel"}]}
    told = mapping.detailed(newer, READING)["scheduled_change"]
    assert (told["actionType"], told["source"]) == ("Cancel", "scheduledActions")
    assert mapping.detailed({"id": "x"}, READING)["scheduled_change"] is None


@pytest.mark.django_db
def test_no_field_of_any_documented_answer_is_lost() -> None:
    customer = make_customer(make_connection(), "Adatum")
    rows = documented()
    assert len(rows) > 10
    for name, payload in rows:
        for detail in (False, True):
            Subscription.objects.all().delete()
            store(
                "subscriptions",
                customer.connection,
                payload,
                parent=customer.pc_id,
                detail=detail,
            )
            row = Subscription.objects.get()
            stored = row.detail_payload if detail else row.list_payload
            assert stored == payload, name
            assert row.friendly_name == payload.get("friendlyName", ""), name
