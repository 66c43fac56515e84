"""Against the emulator: upgrades that are asked about row by row, and a next term that ends on a chosen day."""

from typing import Any

from django.urls import reverse

from orders import actions
from orders.models import Subscription
from orders.scheduling import alignment
from portal.access.models import User
from portal.access.scope import Scope
from portal.mirror.models import Question
from portal.outbox.models import Batch
from tests.customers.users.conftest import customer  # noqa: F401 - fixture
from tests.orders.bulk.test_terms import ClientOf, checked, found, make, start
from tests.orders.test_scheduling import (  # noqa: F401 - fixtures
    Sold,
    confirmed,
    delivered,
    last,
    sold,
    upstream,
)
from tests.orders.test_upgrades import answers  # noqa: F401 - fixture
from tests.people import Estate


def test_many_are_upgraded_to_one_product_where_partner_center_lets_them(
    sold: Sold,  # noqa: F811
    estate: Estate,
    bob: User,
    client_of: ClientOf,
    answers: Any,  # noqa: F811
) -> None:
    Subscription.objects.exclude(pk=sold.row.pk).update(gone_at=estate.connection.now())
    strange = make(estate, "Strange")
    legacy = make(estate, "Older", product_type="")
    browser, url = client_of(bob), reverse("subscriptions_upgrade")
    asked = {"row": [sold.row.pk, strange.pk, legacy.pk]}
    Subscription.objects.filter(pk=strange.pk).update(product_id="Z")
    assert "Partner Center is being asked." in browser.post(url, asked).content.decode()
    answers()
    text = browser.post(url, asked).content.decode()
    assert "Microsoft 365 Business Premium" in text
    product = Question.objects.get().answer["items"][0]["catalogItemId"]
    nothing = browser.post(url, asked | {"valued": "1"})
    assert (nothing.status_code, Batch.objects.count()) == (422, 0)
    batch = checked(browser, "subscriptions_upgrade", product=product, way="transition_only")
    told = found(batch)
    upgrade = told[sold.row.pk]["upgrade"]
    assert (upgrade["product"], upgrade["quantity"]) == (product, sold.row.quantity)
    assert told[legacy.pk] == "on_its_own"
    assert isinstance(told[strange.pk], str), "Partner Center does not know it"
    assert sold.there.calls("LIST_TRANSITION_ELIGIBILITIES") == 2
    (command,) = start(batch, bob)
    assert (command.verb, command.after) == (actions.UPGRADE, told[sold.row.pk])


def test_a_next_term_ends_on_the_chosen_day_and_not_on_any_other(
    sold: Sold,  # noqa: F811
    bob: User,
    client_of: ClientOf,
) -> None:
    row = sold.row
    days = alignment.days(Scope.for_user(bob), row, row.term_duration.upper())
    day = next(iter(days))
    terms = f"{row.term_duration}|{row.billing_cycle}"
    confirmed(client_of(bob), row, "schedule", seats=row.quantity, terms=terms, ends=str(day))
    command = delivered(last(actions.SCHEDULE_CHANGE))
    assert command.state == "succeeded", command.error
    assert command.result["schedule"]["ends"] == str(day)
    told = sold.wire()["scheduledNextTermInstructions"]
    assert told["customTermEndDate"] == f"{day}T00:00:00Z"
    path = f"/v1/customers/{sold.customer.pc_id}/subscriptions/{sold.item.id}"
    wrong = {"quantity": 30, "customTermEndDate": f"{day.replace(day=17)}T00:00:00Z"}
    refused = sold.there.api.patch(path, sold.wire() | {"scheduledNextTermInstructions": wrong})
    assert refused.code in {900245, 900246}
    sold.read()
    assert row.commitment_end_date is not None
    sold.advance(days=(row.commitment_end_date - row.connection.now()).days + 2)
    assert sold.wire()["commitmentEndDate"][:10] == str(day), "the renewal keeps to it"
