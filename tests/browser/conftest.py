"""Chromium on a whole portal: one database, one emulator, one worker and one web server for all of it.

Starting a portal costs more than a test, so the tests of this folder share one and each takes a
subscription of its own. They run in one process (``xdist_group``), on a database of their own: nothing of
it is seen by other tests, and nothing is flushed between.
"""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker
from redis import Redis

from customers.models import ResellerLink
from orders.models import Subscription
from portal.access.models import Reseller, User
from portal.connections.models import Connection
from portal.emulator import serve
from tests import servers
from tests.people import PASSWORD, make_person
from tests.portal_processes import Emulator, Worker, connect, start_emulator

EXPECT_MILLISECONDS = 10_000
expect.set_options(timeout=EXPECT_MILLISECONDS)


@dataclass
class Portal:
    """The running portal: what is in it, and who works there."""

    url: str
    connection: Connection
    emulator: Emulator
    people: dict[str, User]
    taken: set[int] = field(default_factory=set)

    def subscription(self, **wanted: Any) -> Subscription:
        """A seat subscription on which the verbs work, and which no other test has or will have."""
        found = (
            Subscription.objects.select_related("customer", "reseller")
            .filter(
                connection=self.connection,
                status="active",
                unit_type="Licenses",
                product_type="OnlineServicesNCE",
                scheduled_change__isnull=True,
                is_trial=False,
                quantity__range=(2, 200),
                **wanted,
            )
            .exclude(pk__in=self.taken)
            .order_by("pk")
            .first()
        )
        assert found is not None, "the estate has no such subscription left"
        self.taken.add(found.pk)
        return found

    def people_reseller(self, name: str) -> int:
        """The reseller that this person works for."""
        return int(self.people[name].memberships.get().reseller_id or 0)

    def shared(self) -> tuple[ResellerLink, ResellerLink]:
        """The links of a customer that buys from two resellers."""
        links = ResellerLink.objects.select_related("customer", "reseller").order_by("pk")
        by_customer = itertools.groupby(links.order_by("customer", "pk"), lambda row: row.customer)
        for _customer, group in by_customer:
            pair = list(group)
            if len(pair) > 1:
                return pair[0], pair[1]
        raise AssertionError("no customer of the estate has two resellers")


@pytest.fixture(scope="package")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this folder's own, open to every test in it."""
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        name = servers.use_test_database("browser")
        yield
        servers.drop_test_database(name, back_to=before)


@pytest.fixture(scope="package")
def emulator_process() -> Iterator[serve.Running]:
    running = start_emulator()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def portal(
    database: None, emulator_process: serve.Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """Everything running, the mirror filled, four people who can sign in with PASSWORD."""
    emulator = Emulator(emulator_process.url)
    connection = connect(emulator, tmp_path_factory.mktemp("portal"))
    server = LiveServer("127.0.0.1")
    worker = Worker()
    yield Portal(server.url, connection, emulator, _people(connection))
    worker.stop()
    server.stop()
    Redis.from_url(os.environ["REDIS_URL"]).flushdb()


def _people(connection: Connection) -> dict[str, User]:
    """An administrator who reads English, one who reads French, and sales staff of two resellers."""
    people = {name: make_person(name, "administrator") for name in ("alice", "amelie")}
    resellers = Reseller.objects.filter(connection=connection).order_by("pk")
    for name, reseller in zip(("bob", "charlie", "dora"), resellers, strict=False):
        people[name] = make_person(name, "sales", connection, reseller)
    User.objects.filter(name="Amelie").update(language="fr")
    return people


@pytest.fixture
def open_as(portal: Portal, open_at: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page of the portal in which one of its people is signed in, or nobody."""

    def opened(name: str | None, **options: Any) -> Page:
        return open_at(portal.url, portal.people[name] if name else None, **options)

    return opened


def sign_in(page: Page, email: str, *, button: str = "Sign in", password: str = PASSWORD) -> None:
    """Sign in through the form, at whatever page led to it."""
    page.get_by_role("textbox", name=re.compile("e-?mail", re.IGNORECASE)).fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name=button).click()
