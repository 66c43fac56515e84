"""A customer with two resellers: past, counts, refusals and the home page of each, and only of each.

``test_isolation`` reads every page for foreign names; here is what a name does not give away.
"""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from customers.models import ResellerLink
from orders import history
from orders.models import Subscription
from portal.access import policies, search
from portal.access.entering import entered
from portal.access.models import ApiToken, User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record
from tests.people import Estate, make_change, make_person

ClientOf = Callable[[User], Client]
FRAGMENT = {"HX-Request": "true"}
_VARYING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|"X-CSRFToken": "[^"]+"|/\d+/'
)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def moved(estate: Estate) -> Subscription:
    """Two seat changes under Fabrikam, then the subscription moves to Northwind and changes again."""
    row = estate.shared_fabrikam
    for values in (
        {"quantity": 11},
        {"quantity": 12},
        {"reseller": estate.northwind, "partner_mpn_id": "1000002"},
        {"quantity": 77},
    ):
        Subscription.objects.filter(pk=row.pk).update(**values)
    return Subscription.objects.get(pk=row.pk)


def quantities(scope: Scope) -> list[int]:
    events = apps.get_model("orders", "SubscriptionEvent")
    return sorted(scope.filter(events.objects.all()).values_list("quantity", flat=True))


def test_past_stays_with_the_reseller_of_its_moment(
    moved: Subscription, alice: User, bob: User, charlie: User
) -> None:
    assert quantities(Scope.for_user(alice)) == [10, 11, 12, 12]
    assert quantities(Scope.for_user(bob)) == [10, 11, 12]
    assert quantities(Scope.for_user(charlie)) == [12]


def test_the_wall_keeps_the_past_apart_for_a_query_that_forgot(
    moved: Subscription, bob: User, charlie: User
) -> None:
    for user, expected in ((bob, [10, 11, 12]), (charlie, [12])):
        with entered(Scope.for_user(user)):
            assert quantities(Scope.system()) == expected


def test_history_on_the_page_is_the_new_resellers_own(
    moved: Subscription, alice: User, bob: User, charlie: User, client_of: ClientOf
) -> None:
    def told(user: User) -> list[tuple[str, str, str]]:
        return [row for e in history.of_subscription(Scope.for_user(user), moved) for row in e.rows]

    assert [row[1:] for row in told(alice) if row[0] == "Seats"] == [
        ("12", "77"),
        ("11", "12"),
        ("10", "11"),
    ]
    assert [row[1:] for row in told(charlie) if row[0] == "Seats"] == [("12", "77")]
    url = f"/subscriptions/{moved.pk}/"
    assert "77" in client_of(charlie).get(url).content.decode()
    assert client_of(bob).get(url).status_code == 404


@pytest.mark.parametrize("role", ["bob", "charlie"])
def test_customers_past_is_seen_while_linked(
    role: str, estate: Estate, request: pytest.FixtureRequest
) -> None:
    """What changed before a link, or after its end, is not that reseller's to see."""
    user: User = request.getfixturevalue(role)
    mine, theirs = (
        (estate.of_fabrikam, estate.of_northwind)
        if role == "bob"
        else (estate.of_northwind, estate.of_fabrikam)
    )
    now = timezone.now()
    ResellerLink.objects.update(first_seen_at=now - dt.timedelta(days=1))
    for customer in (mine, theirs, estate.shared):
        type(customer).objects.filter(pk=customer.pk).update(city=f"Town {customer.pk}")
    ResellerLink.objects.filter(customer=estate.shared).update(
        first_seen_at=now + dt.timedelta(hours=1)
    )
    events = apps.get_model("customers", "CustomerEvent")
    with entered(Scope.for_user(user)):
        assert list(events.objects.values_list("pgh_obj_id", flat=True)) == [mine.pk]


def test_every_protected_table_is_empty_without_a_scope(
    estate: Estate, moved: Subscription, alice: User
) -> None:
    make_change(estate.fabrikam_seats, alice)
    record("user.changed", actor=Actor.for_user(alice), connection=estate.connection)
    kinds = policies.scoped_models()
    filled = [model for model in kinds if model._base_manager.exists()]
    assert len(filled) > 7
    for scope in (Scope.nobody(), Scope.for_user(User.objects.create_user("no@example.com"))):
        with entered(scope):
            seen = [model.__name__ for model in kinds if model._base_manager.exists()]
        assert seen == []


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "customers/{}/",
        "customers/{}/subscriptions/",
        "subscriptions/{}/",
        "subscriptions/{}/quantity/",
        "subscriptions/{}/suspend/",
        "changes/{}/",
        "changes/{}/status/",
        "activity/{}/",
        "api/v1/customers/{}/",
        "api/v1/subscriptions/{}/",
        "api/v1/changes/{}/",
        "api/v1/activity/{}/",
    ],
)
@pytest.mark.parametrize("fragment", [False, True])
def test_foreign_and_unknown_are_refused_in_the_same_words(
    path: str, fragment: bool, estate: Estate, charlie: User, client_of: ClientOf
) -> None:
    rita = make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)
    change = make_change(estate.northwind_seats, charlie)
    entry = record(
        "user.changed",
        actor=Actor.for_user(charlie),
        connection=estate.connection,
        reseller_id=estate.northwind.pk,
    )
    foreign = {
        "customers": estate.of_northwind.pk,
        "subscriptions": estate.northwind_seats.pk,
        "changes": change.pk,
        "activity": entry.pk,
    }[path.removeprefix("api/v1/").partition("/")[0]]
    client = client_of(rita)
    if path.startswith("api/"):
        _row, token = ApiToken.objects.create(rita, name="x")
        client = Client(headers={"Authorization": f"Token {token}"})
    headers = FRAGMENT if fragment else {}
    answers = [client.get("/" + path.format(pk), headers=headers) for pk in (foreign, 987654321)]
    assert [answer.status_code for answer in answers] == [404, 404]
    theirs, unknown = (_VARYING.sub("", answer.content.decode()) for answer in answers)
    assert theirs == unknown
    assert estate.of_northwind.name not in theirs


# --- lists, counts, home ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "mine", "theirs"),
    [
        ("/customers/", "Adatum", "Wingtip"),
        ("/subscriptions/", "E3 of Proseware", "E5 of Proseware"),
        ("/subscriptions/?sort=customer", "E3 of Proseware", "E5 of Proseware"),
        ("/subscriptions/?q=proseware", "E3 of Proseware", "E5 of Proseware"),
        ("/customers/{shared}/subscriptions/", "E3 of Proseware", "E5 of Proseware"),
    ],
)
def test_fragments_hold_ones_own_rows_and_their_number(
    url: str, mine: str, theirs: str, estate: Estate, bob: User, charlie: User, client_of: ClientOf
) -> None:
    for kind in search.kinds():
        search.reindex(kind)
    asked = url.format(shared=estate.shared.pk)
    for user, seen, hidden in ((bob, mine, theirs), (charlie, theirs, mine)):
        body = client_of(user).get(asked, headers=FRAGMENT).content.decode()
        assert "<html" not in body
        assert seen in body
        assert hidden not in body
        rows = 1 if "proseware" in url or "shared" in url else 2
        assert f"of {rows}" in body, (user, body)


def test_reseller_without_its_row_yet_breaks_no_list(
    estate: Estate, alice: User, client_of: ClientOf
) -> None:
    """A relationship may be read before the reseller it names."""
    ResellerLink.objects.filter(customer=estate.of_fabrikam).update(reseller=None)
    body = client_of(alice).get("/customers/").content.decode()
    assert "Adatum" in body


def test_home_counts_and_reminds_of_ones_own(
    estate: Estate, bob: User, charlie: User, client_of: ClientOf
) -> None:
    soon = timezone.now() + dt.timedelta(days=2)
    Subscription.objects.update(commitment_end_date=soon, refund_until=soon)
    Subscription.objects.filter(pk=estate.northwind_seats.pk).update(quantity=500)
    failed = {"code": "800002", "message": "canary", "correlation_id": "c-1"}
    for row, user in ((estate.shared_fabrikam, bob), (estate.shared_northwind, charlie)):
        make_change(row, user, state="failed", error=failed, settled_at=timezone.now())
        record(
            "user.changed",
            actor=Actor.for_user(user),
            connection=row.connection,
            reseller_id=row.reseller_id,
            target=row,
        )
    for user, mine, theirs, totals in (
        (bob, estate.shared_fabrikam, estate.shared_northwind, (2, 20)),
        (charlie, estate.shared_northwind, estate.shared_fabrikam, (2, 510)),
    ):
        answer = client_of(user).get("/")
        body = answer.content.decode()
        assert mine.friendly_name in body
        assert theirs.friendly_name not in body
        assert answer.context["totals"]["customers"] == 2
        assert (answer.context["totals"]["active"], answer.context["totals"]["seats"]) == totals
        assert answer.context["changes"]["failed"] == 1
        urls = {item.url for item in answer.context["items"]}
        assert mine.get_absolute_url() in urls
        assert theirs.get_absolute_url() not in urls
