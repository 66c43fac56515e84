"""Health for load balancers."""

from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client
from redis.exceptions import ConnectionError as RedisDown


def test_a_running_process_says_so_without_asking_anybody(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_both_servers_answer(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "redis": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "error", "part"),
    [
        ("portal.operations.views.connection.cursor", DatabaseError, "database"),
        ("portal.operations.views.Redis.ping", RedisDown, "redis"),
    ],
)
def test_not_ready_names_the_part_that_is_down(
    client: Client, place: str, error: type[Exception], part: str
) -> None:
    with patch(place, side_effect=error):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()[part] == "down"
