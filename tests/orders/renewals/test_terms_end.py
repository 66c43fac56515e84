"""With the emulator's clock moved past the last day each subscription does what was chosen, and the mirror shows it."""

import copy
import datetime as dt
from typing import Any

from django.utils import timezone

from customers.models import Customer
from orders import actions
from orders.models import Subscription
from orders.renewals import lifecycle, queries
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.emulator.transitions import EXTENDED
from portal.mirror import families, refresh, rereading
from portal.outbox.commands import Asked
from tests.customers.users.conftest import Upstream, customer, deliver, upstream

__all__ = ["customer", "upstream"]

NAMES = ("Renews", "Cancelled", "Extended", "Unchosen", "Older")


def stock(upstream: Upstream, customer: Customer) -> None:
    """Let the customer have five yearly subscriptions whose last day is in five days."""
    account = upstream.emulator.store.account(customer.pc_id)
    now = upstream.emulator.clock.now()
    model = next(item for item in account.subscriptions.values() if item.item.term == "P1Y")
    account.subscriptions.clear()
    for number, name in enumerate(NAMES):
        item = copy.copy(model)
        item.id = f"6a8f3c9e-0000-4000-8000-00000000000{number}"
        item.name, item.status, item.quantity = name, "active", 7
        item.last_day = (now + dt.timedelta(days=5)).date()
        item.start = now - dt.timedelta(days=900 if name == "Older" else 360)
        item.auto_renew = name not in {"Unchosen", "Older"}
        item.lots, item.actions, item.schedule, item.is_trial = [], [], None, False
        account.subscriptions[item.id] = item
    account.due = now
    account.changed()


def read(upstream: Upstream, customer: Customer) -> dict[str, Subscription]:
    """Read the customer's list and then each subscription, as workers do; the rows by name."""
    family = families.get("subscriptions")

    def go(key: str) -> None:
        mark = refresh.request(customer.connection, family.name, key, parent=customer.pc_id)
        found = rereading.read_mark(upstream.client, customer.connection, family, mark)
        rereading.keep(customer.connection, family, [found])

    go("")
    for pc_id in Subscription.objects.filter(customer=customer).values_list("pc_id", flat=True):
        if pc_id.startswith("6a8f"):
            go(pc_id)
    return {row.friendly_name: row for row in Subscription.objects.filter(pc_id__startswith="6a8f")}


def test_each_term_ends_as_chosen_and_the_mirror_shows_it(
    upstream: Upstream, customer: Customer, alice: User, client_of: Any, api_of: Any
) -> None:
    stock(upstream, customer)
    rows = read(upstream, customer)
    scope = Scope.for_user(alice)
    assert {row.friendly_name for row in queries.rolling_on(scope)} == {"Unchosen"}
    for name, choice in (("Cancelled", "cancel"), ("Extended", "extended")):
        by = (Actor.for_user(alice), scope)
        command = actions.set_term_end(*by, rows[name], choice, Asked())
        assert deliver(command).state == "succeeded"
    upstream.api.control("POST", "clock", {"advance_seconds": 6 * 86_400})
    token = upstream.api.control("POST", "tokens", {"action": "issue"})["user_token"]
    upstream.client.sender.tokens.token = token  # type: ignore[attr-defined] # a Transport
    after = read(upstream, customer)
    assert {name: row.status for name, row in after.items()} == {
        "Renews": "active",
        "Cancelled": "disabled",
        "Extended": "active",
        "Unchosen": "active",
        "Older": "expired",
    }
    began = {name: row.effective_start_date for name, row in after.items()}
    assert began["Renews"] == began["Extended"] == began["Unchosen"] > began["Cancelled"]
    terms = {name: row.term_duration for name, row in after.items()}
    assert (terms["Renews"], terms["Extended"], terms["Unchosen"]) == ("P1Y", "P1M", "P1M")
    assert after["Unchosen"].offer_name.endswith(EXTENDED)
    ends = after["Unchosen"].cancellation_allowed_until
    assert ends is not None
    assert ends.date() == lifecycle.last_day(after["Unchosen"]), "it can be cancelled at any time"
    assert "Unchosen" not in {row.friendly_name for row in queries.upcoming(scope)}
    assert lifecycle.last_day(after["Renews"]) > lifecycle.last_day(after["Extended"])
    assert after["Renews"].refundable_total == 7
    assert "Renews" in {row.friendly_name for row in queries.renewed(scope)}
    told = {row.pc_id: row for row in after.values()}
    listed = api_of(alice).get("/api/v1/subscriptions/", {"customer": customer.pc_id}).json()
    over_api = {row["pc_id"]: row for row in listed["results"] if row["pc_id"] in told}
    assert {told[pk].friendly_name: row["status"] for pk, row in over_api.items()} == {
        name: row.status for name, row in after.items()
    }
    (renewed,) = api_of(alice).get("/api/v1/renewed/").json()["results"]
    assert (renewed["pc_id"], renewed["refundable_total"]) == (after["Renews"].pc_id, 7)
    browser = client_of(alice)
    extended = browser.get(after["Extended"].get_absolute_url()).content.decode()
    assert EXTENDED in extended
    assert "1 month" in extended
    assert "Renews" in browser.get("/renewals/renewed/").content.decode()
    url = f"/api/v1/subscriptions/{after['Extended'].pk}/history/"
    state = api_of(alice).get(url, {"on": timezone.localdate().isoformat()}).json()["state"]
    assert state["Term"] == "1 month"
