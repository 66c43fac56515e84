"""Suspending and reactivating: the whole resource with another status, kept as answered."""

from typing import Any

from orders import actions
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import tasks
from portal.outbox.commands import Asked
from portal.partnercenter.operations.subscriptions import (
    GET_SUBSCRIPTION,
    REACTIVATE_SUBSCRIPTION,
    SUSPEND_SUBSCRIPTION,
)
from portal.partnercenter.testing import StubPartner
from tests.orders.test_rename_and_term_end import ids, row, stub  # noqa: F401 - fixtures
from tests.outbox.conftest import wire


def test_each_sends_the_other_status_and_keeps_it(
    row: Subscription,  # noqa: F811
    bob: User,
    stub: StubPartner,  # noqa: F811
) -> None:
    steps: tuple[tuple[Any, Any, str], ...] = (
        (actions.suspend, SUSPEND_SUBSCRIPTION, "suspended"),
        (actions.reactivate, REACTIVATE_SUBSCRIPTION, "active"),
    )
    for act, operation, status in steps:
        command = act(Actor.for_user(bob), Scope.for_user(bob), row, Asked())
        now = wire(row)
        sent = now | {"status": status}
        stub.expect(GET_SUBSCRIPTION, now, **ids(row))
        stub.expect(operation, sent, body=sent, **ids(row))
        tasks.deliver(command.pk)
        command.refresh_from_db()
        row.refresh_from_db()
        assert (command.state, row.status) == ("succeeded", status)
