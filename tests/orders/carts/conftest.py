"""A customer of an indirect reseller at an emulator in this process, with a catalogue to buy from."""

import pytest

from customers.models import Agreement, Customer
from orders.carts import actions, choices, contents, following
from orders.carts.actions import Wish
from orders.carts.models import Cart, CartLine
from orders.catalogue.models import Product, Sku
from orders.catalogue.part import AVAILABILITIES, SKUS
from portal.access.models import ResellerMpn, User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.models import Connection
from tests.customers.users.conftest import Upstream, upstream
from tests.orders.catalogue.conftest import Read, market, read
from tests.people import Estate, make_person

__all__ = ["market", "read", "upstream"]

SEATS, AZURE = "FR/OnlineServices", "FR/MicrosoftAzure"
E3 = f"{SEATS}/CFQ7TTC0LF8R"
PHONE = f"{SEATS}/CFQ7TTC0LH0T"
PREMIUM = f"{SEATS}/CFQ7TTC0LCHC"
PLAN = f"{AZURE}/DZH318Z0BPS6"


@pytest.fixture
def shop(market: Connection, read: Read) -> Connection:
    """The connection with an E3, its phone add-on, a seat plan with a promotion, and the Azure plan."""
    for place, kind in ((E3, ""), (PHONE, ""), (PREMIUM, ""), (PLAN, "Azure")):
        shelf, _slash, pc_id = place.rpartition("/")
        where = {"market": "FR", "shelf": shelf, "view": shelf.partition("/")[2]}
        named = {"pc_id": pc_id, "title": pc_id, "product_type": kind}
        Product.objects.create(connection=market, **named, **where)
        read(market, SKUS, place)
    for sku in (f"{E3}/0001", f"{PHONE}/0001", f"{PREMIUM}/0002", f"{PLAN}/0001"):
        read(market, AVAILABILITIES, sku)
    return market


@pytest.fixture
def buyer(
    estate: Estate, upstream: Upstream, shop: Connection, monkeypatch: pytest.MonkeyPatch
) -> Customer:
    """Fabrikam's customer, which is one of the emulator's without an Azure plan; its agreement is known."""
    monkeypatch.setattr(following, "get_client", lambda _connection, _purpose: upstream.client)
    found, theirs = estate.of_fabrikam, list(upstream.emulator.store.customers.values())[1]
    found.pc_id = found.tenant_id = theirs.id
    found.save()
    found.reseller_links.update(customer_pc_id=theirs.id)
    ResellerMpn.objects.filter(reseller=estate.fabrikam).update(mpn_id=theirs.resellers[0].mpn_id)
    Agreement.objects.create(connection=shop, customer=found, customer_pc_id=found.pc_id, pc_id="1")
    return found


@pytest.fixture
def seller(estate: Estate) -> User:
    """Sales at the indirect reseller Fabrikam."""
    return make_person("sella", "sales", estate.connection, estate.fabrikam)


def sku_at(place: str, sku_id: str) -> Sku:
    """A SKU of the shop."""
    return Sku.objects.get(place=place, pc_id=sku_id)


def put(
    cart: Cart, by: User, place: str, sku_id: str, quantity: int, term: str, cycle: str
) -> CartLine:
    """Put a line into a cart as its page does."""
    sku = sku_at(place, sku_id)
    found = choices.of_sku(sku, contents.sold(sku))
    choice = next(one for one in found if (one.term, one.cycle) == (term, cycle))
    wish = Wish(choice=choice, quantity=quantity)
    return actions.add(Actor.for_user(by), Scope.for_user(by), cart, sku, wish)


def filled(by: User, customer: Customer) -> Cart:
    """A cart of a base product, an add-on and an Azure plan."""
    cart = actions.create(Actor.for_user(by), Scope.for_user(by), customer)
    put(cart, by, E3, "0001", 3, "P1Y", "annual")
    put(cart, by, PHONE, "0001", 2, "P1Y", "annual")
    put(cart, by, PLAN, "0001", 1, "", "one_time")
    return cart
