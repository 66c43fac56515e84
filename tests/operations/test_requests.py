"""What every request passes through: the client's address, the log line, the cache."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from portal.access.models import User
from portal.logs import RequestMiddleware
from portal.proxies import ClientAddressMiddleware


def address(told: str) -> str:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=told)
    ClientAddressMiddleware(lambda _request: HttpResponse())(request)
    return str(request.META["REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("proxies", "told", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_trusted_proxies_tell(
    settings: Settings, proxies: int, told: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address(told) == expected


def test_the_log_keeps_no_query() -> None:
    request: HttpRequest = RequestFactory().get("/consent/callback/", {"code": "secret-code"})
    assert RequestMiddleware.format_request(request) == "GET /consent/callback/"


def test_pages_of_a_person_are_not_kept_by_the_browser(
    alice: User, client: Client, django_user_model: type[User]
) -> None:
    assert "no-store" not in client.get("/account/sign-in/", follow=True).get("Cache-Control", "")
    client.force_login(alice)
    assert client.get("/customers/")["Cache-Control"] == "private, no-store"
