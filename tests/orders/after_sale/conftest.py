"""The emulator's customer with legacy offers, an Azure plan and a transfer that waits, and what of it is mirrored."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from orders.models import Subscription
from portal.access.models import User
from portal.emulator.app import create_app
from portal.emulator.legacy import SUITE
from portal.emulator.settings import Settings
from portal.mirror import families, questions, refresh, rereading
from portal.mirror.models import Question
from portal.outbox import engine, tasks
from portal.outbox.models import Command
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.clouds import endpoints
from portal.partnercenter.retry import RetryPolicy
from portal.partnercenter.spec import Cloud
from portal.partnercenter.transport import Transport
from tests.customers.users.conftest import Bearer, Upstream
from tests.emulator.tools import Api
from tests.people import Estate

Read = Callable[..., None]
Confirm = Callable[..., Command]


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Upstream:
    """An emulator with the showcase's customer of legacy, asked in this process."""
    emulator = create_app(Settings(customers=7, resellers=2))
    api = Api(emulator)
    api.token = api.control("POST", "tokens", {"action": "issue"})["user_token"]
    transport = Transport(
        http=httpx.Client(transport=httpx.WSGITransport(app=emulator)),
        endpoints=endpoints(Cloud.PUBLIC, api="http://emulator"),
        tokens=Bearer(api.token),
        read_only=False,
        retry=RetryPolicy(attempts=1),
    )
    client = PartnerClient(transport)
    for module in (engine, questions):
        monkeypatch.setattr(module, "get_client", lambda connection, purpose: client)
    return Upstream(emulator, api, client)


@pytest.fixture
def read(upstream: Upstream) -> Read:
    """Read lists of a customer as a worker does."""

    def go(customer: Customer, *names: str) -> None:
        for name in names:
            mark = refresh.request(customer.connection, name, "", parent=customer.pc_id)
            family = families.get(name)
            found = rereading.read_mark(upstream.client, customer.connection, family, mark)
            rereading.keep(customer.connection, family, [found])

    return go


@pytest.fixture
def customer(estate: Estate, upstream: Upstream, read: Read) -> Customer:
    """Fabrikam's customer, which is the emulator's seventh, with its subscriptions and orders read."""
    found = estate.of_fabrikam
    theirs = list(upstream.emulator.store.customers.values())[6]
    found.pc_id, found.domain, found.country = theirs.id, theirs.domain, theirs.country
    found.save()
    found.reseller_links.update(customer_pc_id=theirs.id)
    found.connection.consented_at = timezone.now()
    found.connection.refresh_token = "canary-token"
    found.connection.save()
    read(found, "subscriptions", "orders")
    return found


@pytest.fixture
def legacy(customer: Customer) -> Subscription:
    """The suite that has been there for long."""
    rows = Subscription.objects.filter(customer=customer, offer_id=SUITE, gone_at=None)
    return rows.get(quantity=20)


@pytest.fixture
def confirm(client_of: Callable[[User], Client]) -> Confirm:
    """Ask on a page and have a worker deliver it; the Command as it stands then."""

    def go(user: User, url: str, values: dict[str, Any] | None = None) -> Command:
        before = Command.objects.count()
        answer = client_of(user).post(url, {**(values or {}), "confirmed": "1"})
        assert answer.status_code == 302, answer.content.decode()
        assert Command.objects.count() == before + 1
        command = Command.objects.latest("pk")
        tasks.deliver(command.pk)
        command.refresh_from_db()
        return command

    return go


@pytest.fixture
def answered() -> Callable[[], None]:
    """Have a worker answer every question that waits."""

    def go() -> None:
        for question in Question.objects.filter(state="waiting"):
            questions.answer(question.pk)

    return go


def look_again(command: Command) -> Command:
    """Have a worker look after a change whose answer was lost, without waiting for its turn."""
    Command.objects.filter(pk=command.pk).update(not_before=None)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    return command
