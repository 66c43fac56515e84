"""One transaction around each request, entered with its person's scope."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import DatabaseError
from django.test import Client

from customers.models import Customer
from portal.access.models import User
from tests.people import Estate, make_person

pytestmark = pytest.mark.urls("tests.access.urls")

SignIn = Callable[[User], Client]


def test_query_that_forgot_its_scope_is_scoped_by_the_wall(
    estate: Estate, bob: User, client_of: SignIn
) -> None:
    assert client_of(bob).get("/unscoped/").content == b"Adatum, Proseware"
    # What the request set is gone: this test is the owner again.
    assert Customer.objects.count() == 5


def test_get_that_writes_is_refused_by_the_database(alice: User, client_of: SignIn) -> None:
    with pytest.raises(DatabaseError, match="read-only transaction"):
        client_of(alice).get("/writes-on-get/")
    alice.refresh_from_db()
    assert alice.name == "Alice"


@pytest.mark.parametrize("how", ["404", "403", "500"])
def test_exception_rolls_everything_back(how: str, alice: User, client_of: SignIn) -> None:
    client = client_of(alice)
    client.raise_request_exception = False
    answer = client.post("/fails/", {"how": how})
    assert answer.status_code == int(how)
    # The error page knew the person and stood behind the wall.
    assert answer.content.decode() == f"{how} Alice 4"
    alice.refresh_from_db()
    assert alice.name == "Alice"
    assert Customer.objects.count() == 5


def test_answer_of_500_rolls_everything_back(alice: User, client_of: SignIn) -> None:
    client_of(alice).post("/answers-500/")
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_plain_answer_commits(alice: User, client_of: SignIn) -> None:
    client_of(alice).post("/renames/")
    alice.refresh_from_db()
    assert alice.name == "done"


def test_entering_costs_three_queries(
    estate: Estate,
    bob: User,
    client_of: SignIn,
    queries_of: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = client_of(bob)
    with queries_of() as seen:
        client.get("/unscoped/")
    assert len(seen) == 4, seen  # session, person with memberships, scope; then the page's own


def test_stranger_is_led_to_the_sign_in_page_and_back(estate: Estate) -> None:
    answer = Client().get("/unscoped/?q=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/unscoped/%3Fq%3D1"


def test_stranger_by_htmx_loads_the_sign_in_page_whole(estate: Estate) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/customers/?page=2"}
    answer = Client().get("/unscoped/", headers=headers)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fcustomers%2F%3Fpage%3D2"
    assert answer.content == b""


def test_in_scope_without_right_is_403_and_out_of_scope_404(
    estate: Estate, bob: User, auditor: User, client_of: SignIn
) -> None:
    billing = make_person("bill", "billing", estate.connection, estate.fabrikam)
    mine, theirs = estate.of_fabrikam.pk, estate.of_northwind.pk
    assert client_of(bob).post(f"/writes/{mine}/").status_code == 200
    assert client_of(billing).post(f"/writes/{mine}/").status_code == 403
    assert client_of(auditor).post(f"/writes/{mine}/").status_code == 403
    client = client_of(bob)
    with pytest.raises(Customer.DoesNotExist):  # the wall hides the row from an unscoped get
        client.post(f"/writes/{theirs}/")


def test_person_without_membership_may_nothing(estate: Estate, client_of: SignIn) -> None:
    client = client_of(make_person("nora"))
    assert client.get("/unscoped/").status_code == 403
    assert client.get("/speaks/").status_code == 200


def test_barred_person_is_signed_out_at_once(alice: User, client_of: SignIn) -> None:
    client = client_of(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/unscoped/").status_code == 302


def test_pages_speak_the_language_and_time_zone_of_the_person(
    alice: User, bob: User, client_of: SignIn
) -> None:
    User.objects.filter(pk=alice.pk).update(language="fr", time_zone="Europe/Paris")
    assert client_of(alice).get("/speaks/").content == b"fr Europe/Paris"
    assert client_of(bob).get("/speaks/").content == b"en UTC"


@pytest.mark.parametrize("query", ["", "?entered"])
def test_streamed_answer_enters_again(
    query: str, estate: Estate, bob: User, client_of: SignIn
) -> None:
    answer = client_of(bob).get(f"/streams/{query}")
    assert answer.getvalue() == b"Adatum, Proseware"
