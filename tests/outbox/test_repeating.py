"""What is made over the API is made once for a key: the same request again is told what was made."""

from typing import Any

from django.core.cache import cache

from orders.models import Cart
from portal.access.models import User
from tests.people import Estate

URL = "/api/v1/carts/"


def test_a_repeated_request_makes_one_thing(
    estate: Estate,
    alice: User,
    bob: User,
    api_of: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    cache.clear()
    api, wish = api_of(bob, read_only=False), {"customer": estate.of_fabrikam.pk, "name": "A"}

    def post(client: Any, key: str, **more: object) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            headers = {"Idempotency-Key": key} if key else {}
            return client.post(URL, wish | more, "application/json", headers=headers)

    wrong = post(api, "1", customer="x")
    assert wrong.status_code == 400, "a refusal is not kept"
    first, again = post(api, "1"), post(api, "1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert Cart.objects.count() == 1
    other = post(api, "1", name="B")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert post(api_of(alice, read_only=False), "1").json()["id"] != first.json()["id"]
    cut_short = api.post(URL, wish, "application/json", headers={"Idempotency-Key": "2"})
    assert cut_short.status_code == 201, "not committed yet"
    at_it = post(api, "2")
    assert (at_it.status_code, at_it.json()["code"]) == (409, "under_way")
    assert post(api, "").json()["id"] != post(api, "").json()["id"]
    assert Cart.objects.count() == 5
    long = post(api, "x" * 256)
    assert (long.status_code, long.json()["code"]) == (400, "key_too_long")
