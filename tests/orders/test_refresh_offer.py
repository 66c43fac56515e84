"""Who is offered to have a record read again: nobody to whom the request would be refused."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from portal.access.models import User
from tests.people import Estate

ClientOf = Callable[[User], Client]


@pytest.fixture
def pages(estate: Estate) -> list[str]:
    return [estate.of_fabrikam.get_absolute_url(), estate.fabrikam_seats.get_absolute_url()]


def test_staff_are_offered_it(alice: User, client_of: ClientOf, pages: list[str]) -> None:
    for url in pages:
        assert "Refresh now" in client_of(alice).get(url).content.decode(), url


def test_auditors_are_not(auditor: User, client_of: ClientOf, pages: list[str]) -> None:
    for url in pages:
        answer = client_of(auditor).get(url)
        assert answer.status_code == 200
        assert "Refresh now" not in answer.content.decode(), url


def test_nobody_is_for_a_retired_connection(
    alice: User, client_of: ClientOf, pages: list[str], estate: Estate
) -> None:
    estate.connection.retired_at = timezone.now()
    estate.connection.save()
    for url in pages:
        assert "Refresh now" not in client_of(alice).get(url).content.decode(), url
