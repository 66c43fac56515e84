"""Which terms stand in which list, what is said of each, and who sees them."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings

from customers.models import SubscribedSku
from orders import cancelling, rules
from orders.models import Subscription
from orders.renewals import calendar, lifecycle, queries
from orders.renewals.lifecycle import Lifecycle
from orders.templatetags import renewals as tags
from portal.access import search
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.connections import clients
from portal.dashboard import todo
from portal.outbox.models import Batch
from portal.reference.term_end import Rules
from tests.orders.renewals.conftest import CANCEL, ending, midnight
from tests.people import Estate

if TYPE_CHECKING:
    from django.test import Client

EXTENDED = CANCEL | {"actionType": "RenewToExtendedServiceTerm"}
E3 = {"product_id": "CFQ7TTC0LF8R", "sku_id": "0001"}
E3_LICENCE = "6fd2c87f-b296-42f0-b197-1e91e994b900"


def names(rows: Any) -> set[str]:
    return {row.friendly_name.split()[0] for row in rows}


def read(browser: "Client", url: str, **query: str) -> str:
    answer = browser.get(url, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def idle(scope: Scope, row: Subscription) -> Any:
    return vars(queries.upcoming(scope).get(pk=row.pk))["idle"]


def csv(browser: "Client", url: str, **query: str) -> str:
    answer: Any = browser.get(url, query | {"export": "csv"})
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_which_lifecycle_a_term_has_is_data(estate: Estate, soon: Subscription) -> None:
    assert lifecycle.of(soon) is Lifecycle.CHOICES
    assert "rolls into an Extended Service Term" in lifecycle.note(soon)
    soon.effective_start_date = dt.datetime(2025, 3, 31, tzinfo=dt.UTC)
    assert lifecycle.of(soon) is Lifecycle.BEFORE
    assert "1 Apr 2025" in lifecycle.note(soon)
    assert [choice.value for choice in lifecycle.offered(soon)] == ["renew", "cancel"]
    later = Rules(dt.date(2025, 1, 1), dt.date(2026, 5, 4), 5, 30)
    with override_settings(EXTENDED_SERVICE_TERM_RULES=later):
        assert lifecycle.of(soon) is Lifecycle.CHOICES
        assert "5 % more than the monthly price, or 30 %" in lifecycle.surcharge()
    soon.product_type = "Azure"
    assert (lifecycle.of(soon), lifecycle.note(soon)) == (Lifecycle.OUTSIDE, "")
    assert lifecycle.last_moment(soon) == soon.commitment_end_date
    soon.product_type = "OnlineServicesNCE"
    assert lifecycle.last_moment(soon) == midnight(6)


def test_lists_hold_what_can_still_be_decided(
    estate: Estate,
    soon: Subscription,
    bob: User,
    charlie: User,
    client_of: Any,
    queries_of: Any,
) -> None:
    browser = client_of(bob)
    read(browser, "/renewals/")
    with queries_of() as few:
        read(browser, "/renewals/")
    ending(estate, "Today", 0)
    ending(estate, "Gone", -1)
    ending(estate, "Month", 3, term_duration="P1M")
    ending(estate, "Suspended", 3, status="suspended")
    ending(estate, "Unchosen", 40, auto_renew=False)
    ending(estate, "Cancelled", 40, auto_renew=False, scheduled_change=CANCEL)
    ending(estate, "Older", 40, auto_renew=False, effective_start_date=midnight(-3000))
    renewed = ending(estate, "Renewed", 363, cancellation_allowed_until=midnight(6))
    Subscription.objects.filter(pk=renewed.pk).update(creation_date=midnight(-400))
    added = ending(estate, "Added", 150, refund_until=midnight(5))
    Subscription.objects.filter(pk=added.pk).update(creation_date=midnight(-900))
    search.reindex("subscription")
    scope = Scope.for_user(bob)
    due = {"Soon", "Today", "Unchosen", "Cancelled", "Older", "Renewed", "Added"}
    assert names(queries.upcoming(scope)) == due
    assert names(queries.within(queries.upcoming(scope), 7)) == {"Soon", "Today"}
    assert names(queries.rolling_on(scope)) == {"Unchosen"}
    assert names(queries.renewed(scope)) == {"Renewed"}
    assert queries.counts(scope) == {"due": 2, "undecided": 2, "rolling": 1, "renewed": 1}
    outside = Scope.for_user(charlie)
    assert not queries.upcoming(outside)
    assert not queries.rolling_on(outside)
    with queries_of() as many:
        told = read(browser, "/renewals/")
    assert len(many) == len(few) <= 6
    assert 'href="/renewals/?within=30&amp;decision=none">' in told, "the figures lead to lists"
    assert "Rolls on month by month: nobody chose it" in told
    assert "Ends, with 30 days in which people keep access" in told
    assert ('<tr class="group">' in told and "This week" in told) or "Next week" in told
    assert "Soon of" not in read(browser, "/renewals/", within="90", choice="cancel")
    assert "Cancelled of" in read(browser, "/renewals/", choice="cancel", within="60")
    assert "Unchosen of" in read(browser, "/renewals/", choice="open", q="adatum")
    assert "Soon of" in read(browser, "/renewals/", day=f"{midnight(5):%Y-%m-%d}")
    assert "Unchosen of" in csv(browser, "/renewals/unchosen/")
    assert "Renewed of" in csv(browser, "/renewals/renewed/")
    assert "Renewed of" in read(browser, "/renewals/renewed/", closes="7")
    assert "Renewed of" not in read(browser, "/renewals/renewed/", closes="3")
    taken = browser.post("/renewals/renewed/many/cancel/", {"row": [renewed.pk, soon.pk]})
    assert taken["Location"] == Batch.objects.get().get_absolute_url()
    assert list(Batch.objects.get().rows.values_list("target_id", flat=True)) == [renewed.pk]
    month = read(browser, "/renewals/calendar/")
    assert f"/renewals/?day={midnight(0):%Y-%m-%d}" in month


@pytest.mark.parametrize(
    ("told", "follows"),
    [
        ({}, "as_now"),
        ({"auto_renew": False, "scheduled_change": CANCEL}, "nothing"),
        ({"auto_renew": False, "scheduled_change": EXTENDED}, "by_the_month"),
        ({"auto_renew": False}, "by_the_month"),
        ({"auto_renew": False, "effective_start_date": midnight(-900)}, "nothing"),
        ({"auto_renew": False, "status": "disabled"}, "nothing"),
        ({"status": "suspended"}, "nothing"),
    ],
)
def test_the_next_term_is_told_by_what_is_chosen(
    soon: Subscription, told: dict[str, Any], follows: str
) -> None:
    soon.auto_renew = True
    for name, value in told.items():
        setattr(soon, name, value)
    assert tags.next_term(soon) == follows


def test_a_term_that_is_over_promises_nothing(
    soon: Subscription, bob: User, client_of: Any
) -> None:
    Subscription.objects.filter(pk=soon.pk).update(status="disabled", auto_renew=False)
    text = read(client_of(bob), soon.get_absolute_url())
    assert "Nothing renews." in text
    assert "Not chosen, auto-renew is off" not in text
    assert "rolls into an" not in text


def test_idle_seats_are_told_where_all_seats_are_ours(
    estate: Estate, soon: Subscription, bob: User, client_of: Any
) -> None:
    for name, value in E3.items():
        setattr(soon, name, value)
    soon.save()
    sku = SubscribedSku.objects.create(
        connection=soon.connection,
        customer=soon.customer,
        customer_pc_id=soon.customer_pc_id,
        pc_id=E3_LICENCE,
        units_active=10,
        units_consumed=7,
        units_available=3,
    )
    scope = Scope.for_user(bob)
    assert idle(scope, soon) == 3
    browser = client_of(bob)
    assert ", 3 idle" in read(browser, soon.get_absolute_url())
    assert "Soon of" in read(browser, "/renewals/", idle="some")
    home = read(browser, "/")
    assert "3 seats are idle" in home
    assert "Terms that end in 30 days" in home
    sku.units_active = 12
    sku.save()
    assert idle(scope, soon) is None


def test_a_month_of_the_calendar_is_one_of_those_to_come(estate: Estate) -> None:
    this, scope = midnight(0).date().replace(day=1), Scope.system()
    assert calendar.asked(scope, "2020-01") == this
    assert calendar.asked(scope, "nonsense") == this
    assert calendar.asked(scope, f"{calendar.moved(this, 3):%Y-%m}") == calendar.moved(this, 3)


def test_a_connection_whose_clock_was_moved_has_its_own_today(
    estate: Estate, soon: Subscription, bob: User, client_of: Any
) -> None:
    over = ending(estate, "Later", 40, cancellation_allowed_until=midnight(33))
    closed = ending(estate, "Closed", 300, cancellation_allowed_until=midnight(6))
    Subscription.objects.filter(pk__in=[over.pk, closed.pk]).update(creation_date=midnight(-900))
    scope, browser = Scope.for_user(bob), client_of(bob)
    assert names(queries.renewed(scope)) == {"Later", "Closed"}
    ahead = dt.timedelta(days=20)
    clients._clock_of(estate.connection.pk)(ahead)
    assert names(queries.upcoming(scope)) == {"Later", "Closed"}, "the first term is over there"
    assert names(queries.within(queries.upcoming(scope), 30)) == {"Later"}
    assert names(queries.renewed(scope)) == {"Later"}
    assert "20 d" in read(browser, "/renewals/")
    assert "in 13 d" in read(browser, "/renewals/renewed/")
    (item,) = [one for one in todo.items(scope) if one.at == lifecycle.last_moment(over)]
    assert item.due is not None
    assert item.at is not None
    assert abs(item.at - item.due - ahead) < dt.timedelta(seconds=2)
    state = rules.state_of(Subscription.objects.get(pk=closed.pk))
    with pytest.raises(RefusedError):
        cancelling.may_cancel(state)


def test_over_the_api(soon: Subscription, bob: User, charlie: User, api_of: Any) -> None:
    api = api_of(bob)
    (found,) = api.get("/api/v1/renewals/", {"within": "7"}).json()["results"]
    assert (found["at_end"], found["lifecycle"], found["decision"]) == ("renew", "choices", None)
    assert found["last_day"] == f"{midnight(5):%Y-%m-%d}"
    assert api.get("/api/v1/renewals/", {"list": "unchosen"}).json()["results"] == []
    assert api.get("/api/v1/renewed/").json()["results"] == []
    assert api.get("/api/v1/renewals/", {"list": "all"}).status_code == 400
    assert api_of(charlie).get("/api/v1/renewals/").json()["results"] == []
