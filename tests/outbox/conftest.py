"""A subscription, a person who may change it, and a stub in Partner Center's place."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orders import actions
from orders.models import Subscription
from orders.quantities import Quantity
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.outbox import engine
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.subscriptions import CHANGE_QUANTITY, GET_SUBSCRIPTION
from portal.partnercenter.testing import ANY, StubPartner
from tests.people import Estate

Ask = Callable[..., Command]


def wire(row: Subscription, **changes: Any) -> dict[str, Any]:
    """The subscription as get-by-id answers it."""
    return {
        "id": row.pc_id,
        "offerId": "CFQ7TTC0LH18:0001:CFQ7TTC0K971",
        "offerName": "Microsoft 365 E3",
        "friendlyName": row.friendly_name,
        "productType": {"id": "OnlineServicesNCE", "displayName": "OnlineServicesNCE"},
        "quantity": row.quantity,
        "unitType": "Licenses",
        "status": row.status,
        "autoRenewEnabled": True,
        "isTrial": False,
        "termDuration": "P1Y",
        "billingCycle": "monthly",
        "refundableQuantity": {"totalQuantity": 0, "details": []},
        "attributes": {"etag": "etag-1", "objectType": "Subscription"},
        **changes,
    }


class Partner:
    """What a test expects of Partner Center, in the words of the outbox."""

    def __init__(self, stub: StubPartner, row: Subscription) -> None:
        self.stub = stub
        self.row = row
        self.ids: Any = {"customer_id": row.customer_pc_id, "subscription_id": row.pc_id}

    def reads(self, answer: Any = None, **changes: Any) -> None:
        """A GET comes and finds this (or raises this)."""
        found = wire(self.row, **changes) if answer is None else answer
        self.stub.expect(GET_SUBSCRIPTION, found, **self.ids)

    def writes(self, answer: Any = None, *, body: Any = ANY, **changes: Any) -> None:
        """A PATCH comes and is answered with this (or raises this)."""
        found = wire(self.row, **changes) if answer is None else answer
        self.stub.expect(CHANGE_QUANTITY, found, body=body, **self.ids)

    @property
    def patches(self) -> list[Any]:
        """The PATCH requests that left, in order."""
        return [ask for operation, ask in self.stub.asked if operation is CHANGE_QUANTITY]

    @property
    def calls(self) -> int:
        return len(self.stub.asked)


@pytest.fixture
def row(estate: Estate) -> Subscription:
    return estate.fabrikam_seats


@pytest.fixture
def partner(row: Subscription, monkeypatch: pytest.MonkeyPatch) -> Iterator[Partner]:
    """Every call must have been expected, and every expected call must come."""
    with StubPartner() as stub:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: stub.client)
        yield Partner(stub, row)


@pytest.fixture
def read_only_partner(row: Subscription, monkeypatch: pytest.MonkeyPatch) -> Iterator[Partner]:
    with StubPartner(read_only=True) as stub:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: stub.client)
        yield Partner(stub, row)


@pytest.fixture
def ask(row: Subscription, bob: User) -> Ask:
    """Bob asks for five more seats, unless told otherwise."""

    def asked(number: int = 5, *, relative: bool = True, by: User = bob, key: str = "") -> Command:
        scope = Scope.for_user(by)
        wanted = Quantity(number, relative=relative)
        return actions.change_quantity(Actor.for_user(by), scope, row, wanted, Asked("", key))

    return asked


def events(command: Command) -> list[str]:
    """What the log tells of a Command, in order."""
    kinds = (
        Entry.objects.filter(command_id=command.pk).order_by("pk").values_list("kind", flat=True)
    )
    return [kind.rpartition(".")[2] for kind in kinds]


def make_due(command: Command) -> None:
    """Let the wait until the next attempt be over."""
    Command.objects.filter(pk=command.pk).update(not_before=None)


def lose_worker(command: Command) -> None:
    """The worker that held the lease is gone and the lease has run out."""
    Command.objects.filter(pk=command.pk).update(lease_until="2020-01-01T00:00:00Z")
