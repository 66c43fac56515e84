"""A customer with its directory at an emulator in this process, and the people who look after it."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest
from django.utils import timezone

from customers.models import Customer, CustomerUser, DirectoryRole
from customers.users.part import ROLES, USERS
from portal.access.models import User
from portal.emulator.app import Emulator, create_app
from portal.emulator.settings import Settings
from portal.mirror import families, fetching, refresh, rereading
from portal.outbox import engine, tasks
from portal.outbox.models import Command
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.clouds import endpoints
from portal.partnercenter.retry import RetryPolicy
from portal.partnercenter.spec import Cloud
from portal.partnercenter.transport import Transport
from tests.emulator.tools import Api
from tests.people import Estate, make_person


@dataclass
class Bearer:
    """One token, however often it is asked for."""

    token: str

    def get(self, *, user: bool, graph: bool = False, sales: bool = False) -> str:
        del user, graph, sales
        return self.token

    def invalidate(self, token: str) -> None:
        del token


@dataclass
class Upstream:
    """The emulator: called by the portal as ``client``, by a test as ``api``."""

    emulator: Emulator
    api: Api
    client: PartnerClient

    def calls(self, operation: str) -> int:
        """How often an operation was called."""
        return int(self.emulator.log.dump(limit=0)["by_operation"].get(operation, 0))

    def fault(self, operation: str, kind: str, **fields: object) -> None:
        """Let the next call of an operation go wrong."""
        rule = {"match": {"operation": operation}, "action": {"kind": kind, **fields}}
        self.api.control("POST", "faults", {"rules": [rule]})


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Upstream:
    return make_upstream(monkeypatch, customers=6)


def make_upstream(monkeypatch: pytest.MonkeyPatch, customers: int) -> Upstream:
    """An emulator with so many customers in Partner Center's place."""
    emulator = create_app(Settings(customers=customers, resellers=2))
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
    monkeypatch.setattr(engine, "get_client", lambda connection, purpose: client)
    monkeypatch.setattr(fetching, "make_clients", lambda *_asked: [client])
    return Upstream(emulator, api, client)


@pytest.fixture
def customer(estate: Estate, upstream: Upstream) -> Customer:
    """Fabrikam's customer, which is the emulator's second; a person has consented to its connection."""
    found = estate.of_fabrikam
    theirs = list(upstream.emulator.store.customers.values())[1]
    found.pc_id, found.domain = theirs.id, theirs.domain
    found.save()
    found.reseller_links.update(customer_pc_id=theirs.id)
    found.connection.consented_at = timezone.now()
    found.connection.refresh_token = "canary-token"
    found.connection.save()
    return found


Read = Callable[..., None]


@pytest.fixture
def read(upstream: Upstream) -> Read:
    """Read a customer's users and roles as a worker does."""

    def go(customer: Customer, *names: str) -> None:
        for name in names or (USERS, ROLES):
            mark = refresh.request(customer.connection, name, "", parent=customer.pc_id)
            family = families.get(name)
            found = rereading.read_mark(upstream.client, customer.connection, family, mark)
            rereading.keep(customer.connection, family, [found])

    return go


@pytest.fixture
def known(customer: Customer, read: Read) -> Customer:
    """The customer, its users and roles read."""
    read(customer)
    return customer


@pytest.fixture
def helper(estate: Estate) -> User:
    """Helpdesk at Fabrikam."""
    return make_person("helper", "helpdesk", estate.connection, estate.fabrikam)


def admin_of(customer: Customer) -> CustomerUser:
    """The only global administrator."""
    return CustomerUser.objects.get(customer=customer, user_principal_name__startswith="admin@")


def one_of(customer: Customer) -> CustomerUser:
    """A user without any role."""
    held = [m for role in DirectoryRole.objects.all() for m in role.member_ids]
    rows = CustomerUser.objects.filter(customer=customer, state="active").exclude(pc_id__in=held)
    found = rows.order_by("pk").first()
    assert found is not None
    return found


def left(customer: Customer) -> CustomerUser:
    """The deleted one."""
    return CustomerUser.objects.get(customer=customer, state="inactive")


def deliver(command: Command) -> Command:
    """Work on it now, waits or not."""
    Command.objects.filter(pk=command.pk).update(not_before=None)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    return command
