"""Role × address: who may do what, over the whole map, against a table that people review.

``UPDATE_ROUTES=1`` writes the table anew; the difference is then what a reviewer reads. An address
that declares nothing, or that the table does not know, fails.
"""

import json
import logging
import os
from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.utils import timezone

from customers.models import Note, Tag
from orders.models import PriceBook, PriceRule
from portal.access.backends import Backend
from portal.access.models import ApiToken, User
from portal.access.roles import ALL_RIGHTS, RIGHTS, Role
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.connections.models import ConsentAttempt
from portal.mirror.models import SyncPass, SyncRun
from portal.notifications.models import Mail, Notification
from portal.outbox.approvals.models import Rule
from tests.access.url_map import METHODS, Address, addresses
from tests.billing.world import make_invoice, make_line
from tests.lists.world import kept_ids
from tests.orders.after_sale.world import (
    make_azure,
    make_migration,
    make_schedule,
    make_transfer,
)
from tests.orders.prices.conftest import make_price
from tests.people import (
    Estate,
    let_in,
    make_batch,
    make_cart,
    make_change,
    make_customer_user,
    make_decision,
    make_letter,
    make_offer,
    make_order,
    make_person,
    make_product,
    make_reservation,
    make_role,
    make_sku,
)

TABLE = Path(__file__).parent / "routes.json"
WIDE = {Role.ADMINISTRATOR, Role.AUDITOR}
Ids = dict[str, object]
NOBODY = "nobody"


@pytest.fixture
def people(estate: Estate) -> dict[str, User]:
    """One person of each role: the wide ones everywhere, the others at Fabrikam or its distributor."""
    made = {}
    for role in Role:
        connection = None if role in WIDE else estate.connection
        narrow = role not in WIDE and role != Role.DISTRIBUTOR_ADMIN
        made[role.value] = make_person(
            f"the-{role}", role, connection, estate.fabrikam if narrow else None
        )
    return made


@pytest.fixture
def ids(estate: Estate, people: dict[str, User], settings, tmp_path: Path) -> Ids:
    """Real ids of Fabrikam's things."""
    settings.DATA_DIR = tmp_path
    goods = make_product(estate.connection)
    wanted = make_cart(estate.of_fabrikam, goods, people["sales"])
    colleague = make_person("colleague", "sales", estate.connection, estate.fabrikam)
    run = SyncRun.objects.create(connection=estate.connection, kind="full")
    attempt = ConsentAttempt.objects.create(
        connection=estate.connection,
        user_id=people["administrator"].pk,
        user_name="x",
        state_token="state",
        verifier="v",
        redirect_uri="http://localhost/",
        expires_at=timezone.now(),
    )
    entry = record(
        "user.changed",
        actor=Actor.system(),
        connection=estate.connection,
        reseller_id=estate.fabrikam.pk,
    )
    bill = make_invoice(estate.connection)
    return kept_ids(estate, people["sales"]) | {
        "name": estate.connection.name,
        "customers.pk": estate.of_fabrikam.pk,
        "customer-users.pk": make_customer_user(estate.of_fabrikam).pk,
        "customer-users.role": make_role(estate.of_fabrikam).pk,
        "customer-users.sku": make_sku(estate.of_fabrikam).pc_id,
        "licences.pk": make_sku(estate.of_fabrikam, number=2).pk,
        "catalogue.pk": goods.product_id,
        "catalogue.sku": goods.pk,
        "products.sku": goods.pk,
        "carts.pk": wanted.cart_id,
        "carts.line": wanted.pk,
        "carts.sku": goods.pk,
        "products.pk": goods.product_id,
        "offers.pk": make_offer(estate.connection).pk,
        "subscriptions.pk": estate.fabrikam_seats.pk,
        "letters.pk": make_letter(estate.fabrikam_seats).pk,
        "term-letters.pk": make_letter(estate.fabrikam_seats, slug="renewal.confirmation").pk,
        "renewals.pk": (decided := make_decision(estate.fabrikam_seats).pk),
        "term-decisions.pk": decided,
        "orders.pk": make_order(estate.fabrikam_seats).pk,
        "orders.number": 0,
        "azure-subscriptions.pk": make_azure(estate.fabrikam_seats).pk,
        "transfers.pk": make_transfer(estate.of_fabrikam).pk,
        "migrations.pk": make_migration(estate.fabrikam_seats).pk,
        "planned-migrations.pk": make_schedule(estate.fabrikam_seats).pk,
        "price-books.pk": make_price_book(estate, people["sales"]).pk,
        "price-rules.pk": PriceRule.objects.get().pk,
        "sheet-prices.pk": make_price(estate.connection).pk,
        "changes.pk": make_change(estate.shared_fabrikam, people["sales"]).pk,
        "batches.pk": make_batch(estate.fabrikam_seats, people["sales"]).pk,
        "invoices.pk": bill.pk,
        "invoices.by": "customer",
        "invoice-lines.pk": make_line(bill).pk,
        "notifications.pk": make_notification(people["sales"]).pk,
        "approval-rules.pk": Rule.objects.create(name="x", connection=estate.connection).pk,
        "mails.pk": Mail.objects.create(to="x@example.com", state="failed", error="refused").pk,
        "mail-templates.kind": "account.reseller_invitation",
        "mail-templates.language": "fr",
        "activity.pk": entry.pk,
        "users.pk": colleague.pk,
        "membership": colleague.memberships.get().pk,
        "consent.pk": attempt.pk,
        "passes.pk": SyncPass.objects.create(run=run, family="customers", position=1).pk,
        "uidb36": "1",
        "customers.part": "profile",
        "customers.row": make_reservation(estate.of_fabrikam).pk,
        "customers.tag": make_written(Tag, estate, people["sales"], name="vip").pk,
        "customers.note": make_written(Note, estate, people["sales"], text="x").pk,
        "key": ApiToken.objects.create(people["sales"], name="x")[0].pk[:32],
    }


def make_written(model: type[Tag | Note], estate: Estate, user: User, **values: str) -> Tag | Note:
    """What somebody at Fabrikam wrote on its customer."""
    return model.objects.create(
        connection=estate.connection,
        customer=estate.of_fabrikam,
        reseller=estate.fabrikam,
        author=user,
        **values,
    )


def make_price_book(estate: Estate, user: User) -> PriceBook:
    """What Fabrikam charges its customers, with a rule."""
    place = {"connection": estate.connection, "reseller": estate.fabrikam, "side": "customer"}
    book = PriceBook.objects.create(name="x", **place)
    day = timezone.localdate()
    PriceRule.objects.create(
        book=book, kind="markup", value=1, valid_from=day, created_by=user, **place
    )
    return book


def make_notification(user: User) -> Notification:
    """Something told to one person."""
    return Notification.objects.create(user=user, kind="change.awaiting_approval")


def ask(client: Client, address: Address, method: str, ids: Ids) -> int:
    """The status of one request whose effects are undone; 401 for a way to the sign-in page."""
    cookies = SimpleCookie({name: m.value for name, m in client.cookies.items()})
    with transaction.atomic():
        answer = client.generic(method, address.url(ids))
        if answer.streaming:
            answer.getvalue()  # or its file stays open
        transaction.set_rollback(True)
    client.cookies = cookies
    if answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next="):
        return 401
    return answer.status_code


def browser(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        let_in(client, user)
    return client


def test_every_address_declares_its_effect_and_a_right_that_exists() -> None:
    silent = [
        address.name
        for address in addresses()
        if not any(address.declared(method) for method in METHODS)
    ]
    assert silent == []
    rights = {
        declared.right
        for address in addresses()
        for method in METHODS
        if (declared := address.declared(method))
    }
    assert rights <= ALL_RIGHTS | {""}


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Thousands of requests: who gets in is decided before a page is written out.

    Nothing is logged, and people and sessions are looked up once, not at each request.
    """
    monkeypatch.setattr(Template, "render", lambda *_, **__: "")
    known = cache(Backend().get_user)
    monkeypatch.setattr(Backend, "get_user", lambda _self, pk: copy(known(pk)))
    session = cache(lambda key: load(SessionStore(key)))
    load = SessionStore.load
    monkeypatch.setattr(SessionStore, "load", lambda self: dict(session(self.session_key)))
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


Line = tuple[Address, str]


def is_public(line: Line) -> bool:
    address, method = line
    declared = address.declared(method)
    return declared is not None and declared.public


def served(people: dict[str, User], ids: Ids) -> dict[Line, int]:
    """What the widest person is answered at every address, but for methods that are not served.

    At a public one that is nobody, else the administrator.
    """
    nobody, administrator = browser(None), browser(people[Role.ADMINISTRATOR])
    asked = [(address, method) for address in addresses() for method in METHODS]
    found = {one: ask(nobody if is_public(one) else administrator, *one, ids) for one in asked}
    return {one: status for one, status in found.items() if status != 405}


def asking(
    line: Line, turn: int, reviewed: dict[str, list[str]]
) -> Iterator[tuple[str, list[str]]]:
    """Who asks at an address that is not public, and the roles that the answer tells of.

    An address may ask for more than its right: all who have it try it. Where the reviewed table lets all of them
    in, one of them does, in turns. Of those who lack the right one asks: the guard turns all of them away alike.
    """
    address, method = line
    declared = address.declared(method)
    right = declared.right if declared else ""
    yield NOBODY, [NOBODY]
    roles = [role.value for role in Role if role != Role.ADMINISTRATOR]
    lacking = [one for one in roles if right and right not in RIGHTS[Role(one)]]
    having = [one for one in roles if one not in lacking]
    together = bool(right) and set(having) <= set(reviewed.get(f"{method} {address.name}", ()))
    for group in ([having] if together else [[one] for one in having]) + [lacking]:
        if group:
            yield group[turn % len(group)], group


@pytest.mark.usefixtures("unwritten")
def test_roles_by_address_are_those_reviewed(people: dict[str, User], ids: Ids) -> None:
    afresh = bool(os.environ.get("UPDATE_ROUTES"))
    reviewed = {} if afresh else json.loads(TABLE.read_text(encoding="utf-8"))
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    clients = {NOBODY: browser(None)} | {role: browser(user) for role, user in people.items()}
    for turn, (place, widest) in enumerate(served(people, ids).items()):
        by_role = seen[f"{place[1]} {place[0].name}"]
        by_role[NOBODY if is_public(place) else Role.ADMINISTRATOR.value] = widest
        if not is_public(place):
            for one, told in asking(place, turn, reviewed):
                by_role |= dict.fromkeys(told, ask(clients[one], *place, ids))
    found = {}
    for line, by_role in seen.items():
        assert not [s for s in by_role.values() if s >= 500 or s == 405], (line, by_role)
        allowed = {role for role, status in by_role.items() if status not in {401, 403, 404}}
        found[line] = [role for role in clients if role in allowed]
    if afresh:
        TABLE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(TABLE.read_text(encoding="utf-8"))


def test_table_follows_from_rights_and_effects() -> None:
    """What was reviewed cannot be wider than the roles: each allowed role has the declared right."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    by_name = {address.name: address for address in addresses()}
    for line, allowed in table.items():
        method, _, name = line.partition(" ")
        declared = by_name[name].declared(method)
        assert declared is not None, line
        for role in allowed:
            if role == "nobody":
                assert declared.public, line
                continue
            assert not declared.right or declared.right in RIGHTS[Role(role)], (line, role)
            assert not (declared.effect == "write" and role == Role.AUDITOR), line


@pytest.mark.usefixtures("unwritten")
def test_another_resellers_ids_are_not_found_anywhere(estate: Estate, ids: Ids) -> None:
    """Northwind's widest role, with a token that may write, tries every address with Fabrikam's ids."""
    outsider = make_person("olga", "reseller-admin", estate.connection, estate.northwind)
    # A catalogue is for all resellers of its connection; that of another connection is nobody's here.
    goods = make_product(estate.other)
    ids |= dict.fromkeys(("catalogue.pk", "products.pk"), goods.product_id)
    ids |= dict.fromkeys(("catalogue.sku", "products.sku", "carts.sku"), goods.pk)
    ids["offers.pk"] = make_offer(estate.other).pk
    _row, token = ApiToken.objects.create(outsider, name="x", read_only=False)
    page = browser(outsider)
    api = Client(headers={"Authorization": f"Token {token}"}, raise_request_exception=False)
    tried = 0
    for address in addresses():
        if not address.places:
            continue
        client = api if address.name.startswith("/api/") else page
        for method in METHODS:
            declared = address.declared(method)
            if declared is not None and declared.public:
                continue  # a webhook is told by its signature, whoever sends it
            status = ask(client, address, method, ids)
            has_right = declared is not None and declared.right in RIGHTS[Role.RESELLER_ADMIN]
            expected = {404, 405} if has_right or declared is None else {403, 405}
            if declared is not None and declared.right == "":
                expected = {
                    404,
                    405,
                    410,
                }  # an offer that is not one's own is told as one that is over
            assert status in expected, (method, address.name, status)
            tried += status != 405
    assert tried > 20


def test_read_only_token_writes_nowhere(estate: Estate, people: dict[str, User], ids: Ids) -> None:
    _row, token = ApiToken.objects.create(people["administrator"], name="x")
    client = Client(headers={"Authorization": f"Token {token}"}, raise_request_exception=False)
    refused = 0
    for address in addresses():
        if address.name.startswith("/api/"):
            status = ask(client, address, "POST", ids)
            assert status in {403, 405}, (address.name, status)
            refused += status == 403
    assert refused >= 5


def test_token_is_not_a_way_into_the_pages(
    estate: Estate, people: dict[str, User], ids: Ids
) -> None:
    _row, token = ApiToken.objects.create(people["administrator"], name="x", read_only=False)
    client = Client(headers={"Authorization": f"Token {token}"}, raise_request_exception=False)
    for address in addresses():
        declared = address.declared("GET")
        if not address.name.startswith("/api/") and declared and not declared.public:
            assert ask(client, address, "GET", ids) in {401, 405}, address.name
