"""A connection whose market is France, at an emulator in this process, and its catalogue."""

from collections.abc import Callable

import pytest

from orders.catalogue.models import Availability, Product, Sku
from orders.catalogue.part import AVAILABILITIES, PRODUCTS, SKUS
from portal.connections.models import Connection
from portal.mirror import families, hooks, refresh, rereading
from tests.customers.users.conftest import Upstream, upstream
from tests.people import Estate

__all__ = ["upstream"]

SEATS = "FR/OnlineServices"
E3 = f"{SEATS}/CFQ7TTC0LF8R"
MACHINES = "FR/AzureReservations/DZH318Z0BQ34"
Read = Callable[..., None]


@pytest.fixture
def market(estate: Estate) -> Connection:
    """The connection once its customers were read: it has the shelves of France."""
    hooks.changed("customers", estate.connection, [estate.of_fabrikam.pk, estate.shared.pk])
    return estate.connection


@pytest.fixture
def read(upstream: Upstream) -> Read:
    """Read one list of a family as a worker does."""

    def go(connection: Connection, name: str, place: str) -> None:
        mark = refresh.request(connection, name, "", parent=place)
        family = families.get(name)
        found = rereading.read_mark(upstream.client, connection, family, mark)
        rereading.keep(connection, family, [found])

    return go


@pytest.fixture
def stocked(market: Connection, read: Read) -> Connection:
    """The same with seats and reservations read, and of one product of each the SKUs and availabilities."""
    for shelf in (SEATS, "FR/AzureReservations"):
        read(market, PRODUCTS, shelf)
    for product in (E3, MACHINES):
        read(market, SKUS, product)
    for sku in (f"{E3}/0001", f"{MACHINES}/00L4"):
        read(market, AVAILABILITIES, sku)
    return market


def e3() -> Product:
    return Product.objects.get(shelf=SEATS, pc_id="CFQ7TTC0LF8R")


def machine() -> Sku:
    return Sku.objects.get(place=MACHINES, pc_id="00L4")


def of_e3() -> Availability:
    return Availability.objects.get(sku__product=e3())
