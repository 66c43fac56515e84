"""A connection of the tests, with credentials that no log and no page may ever show."""

import pytest

from portal.connections.models import Connection

CANARY_SECRET = "canary-secret-5f1d"
CANARY_REFRESH = "canary-refresh-8b2e"


@pytest.fixture
def connection(db) -> Connection:
    return make_connection()


def make_connection(**values) -> Connection:
    return Connection.objects.create(
        **{
            "name": "contoso",
            "environment": "sandbox",
            "tenant_id": "6f2f36c7-8a09-4b9b-9f0e-3c1d3a3f9a11",
            "client_id": "0f1c4f0a-3f0c-4c38-a2a8-6c9d1a0a1b22",
            "client_secret": CANARY_SECRET,
            "api_url": "http://127.0.0.1:9",
            "login_url": "http://127.0.0.1:9",
            **values,
        }
    )
