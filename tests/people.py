"""The small estate and the named people that access is tested with."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from customers.models import (
    Customer,
    CustomerUser,
    DirectoryRole,
    Entitlement,
    ResellerLink,
    SubscribedSku,
)
from orders.models import (
    Availability,
    Cart,
    CartLine,
    Offer,
    Order,
    Product,
    Sku,
    Subscription,
    TermDecision,
    TermLetter,
)
from portal.access.models import Membership, Reseller, ResellerMpn, User
from portal.connections.models import Connection
from portal.lists import files
from portal.notifications.models import Mail
from portal.outbox.models import Batch, BatchRow, Command

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Estate:
    """``shared`` buys from both resellers, ``direct`` from the distributor itself."""

    connection: Connection
    other: Connection
    fabrikam: Reseller
    northwind: Reseller
    foreign: Reseller
    of_fabrikam: Customer
    of_northwind: Customer
    shared: Customer
    direct: Customer
    elsewhere: Customer
    fabrikam_seats: Subscription
    northwind_seats: Subscription
    shared_fabrikam: Subscription
    shared_northwind: Subscription
    direct_seats: Subscription
    elsewhere_seats: Subscription


def make_person(
    name: str,
    role: str | None = None,
    connection: Connection | None = None,
    reseller: Reseller | None = None,
) -> User:
    """Somebody with one membership, or none; everybody's password is PASSWORD."""
    user = User.objects.create_user(f"{name}@example.com", PASSWORD, name=name.title())
    if role:
        Membership.objects.create(user=user, role=role, connection=connection, reseller=reseller)
    return user


def make_session(user: User) -> str:
    """The key of a session in which somebody is signed in; signing in has tests of its own, and 15 queries."""
    within = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    made = Session.objects.create(
        session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
        session_data=Session.get_session_store_class()().encode(within),
        expire_date=timezone.now() + dt.timedelta(days=1),
    )
    return made.session_key


def let_in(client: Client, user: User) -> None:
    """A session of this person's for the client."""
    client.cookies[settings.SESSION_COOKIE_NAME] = make_session(user)


def make_connection(name: str) -> Connection:
    """A live sandbox connection that nothing answers."""
    made = _connection(name)
    made.save()
    return made


def _connection(name: str) -> Connection:
    return Connection(
        name=name,
        environment="sandbox",
        mode="live",
        tenant_id=f"{name}.onmicrosoft.com",
        client_id=f"client-{name}",
        client_secret="canary-secret",
        api_url="http://127.0.0.1:9",
        login_url="http://127.0.0.1:9",
        graph_url="http://127.0.0.1:9",
    )


def make_reseller(connection: Connection, name: str, mpn: str) -> Reseller:
    """An indirect reseller with one MPN id."""
    reseller = _reseller(connection, name, mpn)
    reseller.save()
    ResellerMpn.objects.create(connection=connection, reseller=reseller, mpn_id=mpn)
    return reseller


def _reseller(connection: Connection, name: str, mpn: str) -> Reseller:
    return Reseller(connection=connection, pc_id=f"reseller-{mpn}", name=name, state="active")


def make_customer(connection: Connection, name: str, *resellers: Reseller) -> Customer:
    """A customer as a full sync leaves it, linked to its resellers."""
    customer = _customer(connection, name)
    customer.save()
    for reseller in resellers:
        _link(customer, reseller, reseller.mpns.get()).save()
    return customer


def _customer(connection: Connection, name: str) -> Customer:
    slug = name.lower().replace(" ", "-")
    return Customer(
        connection=connection,
        pc_id=f"{slug}-id",
        tenant_id=f"{slug}-id",
        name=name,
        domain=f"{slug}.example",
        country="FR",
        relationship_to_partner="reseller",
        list_observed_at=timezone.now(),
    )


def _link(customer: Customer, reseller: Reseller, mpn: ResellerMpn) -> ResellerLink:
    return ResellerLink(
        connection=customer.connection,
        customer=customer,
        customer_pc_id=customer.pc_id,
        reseller=reseller,
        reseller_pc_id=reseller.pc_id,
        mpn_id=mpn.mpn_id,
    )


def make_customer_user(customer: Customer, name: str = "Ana") -> CustomerUser:
    """An active user of the customer's directory."""
    return CustomerUser.objects.create(
        connection=customer.connection,
        pc_id=f"{customer.pc_id}-{name.lower()}",
        customer=customer,
        customer_pc_id=customer.pc_id,
        display_name=f"{name} of {customer.name}",
        user_principal_name=f"{name.lower()}@{customer.domain}",
        usage_location="FR",
        state="active",
        list_observed_at=timezone.now(),
    )


def make_role(customer: Customer, *members: CustomerUser) -> DirectoryRole:
    """The helpdesk role of the customer's directory."""
    return DirectoryRole.objects.create(
        connection=customer.connection,
        pc_id="729827e3-9c14-49f7-bb1b-9608f156bbb8",
        customer=customer,
        customer_pc_id=customer.pc_id,
        name="Helpdesk Administrator",
        member_ids=[user.pc_id for user in members],
        list_observed_at=timezone.now(),
    )


def make_sku(customer: Customer, number: int = 1) -> SubscribedSku:
    """A product of the customer's tenant, with ten units of which nine are assigned."""
    return SubscribedSku.objects.create(
        connection=customer.connection,
        pc_id=f"3b555118-da6a-4418-894f-7df1e209687{number}",
        customer=customer,
        customer_pc_id=customer.pc_id,
        part_number=f"SKU_{number}",
        name=f"Product {number} of {customer.name}",
        licence_group="group1",
        capability_status="Enabled",
        units_total=10,
        units_active=10,
        units_consumed=9,
        units_available=1,
        list_observed_at=timezone.now(),
    )


def make_cart(customer: Customer, sku: Sku, author: User) -> CartLine:
    """A cart of a customer of one reseller, with a line of a SKU; the line."""
    link = customer.reseller_links.get()
    cart = Cart.objects.create(
        connection=customer.connection,
        customer=customer,
        reseller=link.reseller,
        name="Spring",
        author=author,
    )
    item = "CFQ7TTC0LH18:0001:CFQ7TTC0K971"
    terms = {"quantity": 3, "term": "P1M", "cycle": "monthly"}
    return CartLine.objects.create(
        cart=cart, position=0, sku=sku, title=sku.title, catalog_item_id=item, **terms
    )


def make_reservation(customer: Customer) -> Entitlement:
    """What a reserved instance entitles to, with the link to what stands behind it."""
    place = "groups/2caf5243/lineitems/03500b1b/resource/ebf2e74b"
    uri = f"/customers/{customer.pc_id}/artifacts/reservedinstance/{place}"
    return Entitlement.objects.create(
        connection=customer.connection,
        pc_id=f"{customer.pc_id}:once:0:DZH318Z0BQ4B:000Z",
        customer=customer,
        customer_pc_id=customer.pc_id,
        kind="reservedinstance",
        product_id="DZH318Z0BQ4B",
        sku_id="000Z",
        quantity=2,
        order_pc_id="once",
        list_payload={"entitledArtifacts": [{"link": {"uri": uri, "method": "GET"}}]},
    )


def make_product(connection: Connection, number: int | str = 1) -> Sku:
    """A product of France's catalogue with one SKU, sold to everybody for a year; returns the SKU."""
    shelf = "FR/OnlineServices"
    product = Product.objects.create(
        connection=connection,
        shelf=shelf,
        market="FR",
        view="OnlineServices",
        pc_id=f"CFQ7TTC0000{number}",
        title=f"Product {number}",
        segments=["commercial"],
        list_observed_at=timezone.now(),
    )
    sku = Sku.objects.create(
        connection=connection,
        shelf=shelf,
        place=product.place,
        product=product,
        product_pc_id=product.pc_id,
        pc_id="0001",
        title=product.title,
        minimum=1,
        maximum=300,
        is_add_on=False,
        is_trial=False,
        billing_cycles=["monthly"],
        purchase_prerequisites=["InventoryCheck"],
        inventory_variables=["CustomerId"],
        prerequisite_skus=[],
        list_observed_at=timezone.now(),
    )
    Availability.objects.create(
        connection=connection,
        place=sku.below,
        product_place=sku.place,
        sku_pc_id=sku.pc_id,
        sku=sku,
        product_id=product.pk,
        pc_id=f"CFQ7TTC0K00{number}",
        catalog_item_id=f"{product.pc_id}:0001:CFQ7TTC0K00{number}",
        segment="commercial",
        currency="EUR",
        is_purchasable=True,
        durations=["P1Y"],
        cycles=["monthly"],
        terms=[{"id": "a", "duration": "P1Y", "billing_cycle": "monthly", "refunds": []}],
        list_observed_at=timezone.now(),
    )
    return sku


def make_offer(connection: Connection, number: int | str = 1) -> Offer:
    """A legacy offer of France."""
    return Offer.objects.create(
        connection=connection,
        market="FR",
        pc_id=f"031c9e47-{number}",
        name=f"Offer {number}",
        category="Enterprise",
        is_add_on=False,
        is_trial=False,
        is_available=True,
        billing_cycles=["monthly"],
        prerequisite_offers=[],
        qualifications=[],
        list_observed_at=timezone.now(),
    )


def make_subscription(customer: Customer, reseller: Reseller | None, name: str) -> Subscription:
    """An active subscription of 10 seats, with the tenancy that a sync would have stored."""
    made = _subscription(customer, reseller, name)
    made.save()
    return made


def _subscription(customer: Customer, reseller: Reseller | None, name: str) -> Subscription:
    return Subscription(
        connection=customer.connection,
        pc_id=f"{customer.pc_id}-{name.lower()}",
        customer=customer,
        customer_pc_id=customer.pc_id,
        reseller=reseller,
        friendly_name=f"{name} of {customer.name}",
        offer_name="Microsoft 365 E3",
        unit_type="Licenses",
        quantity=10,
        status="active",
        auto_renew=True,
        term_duration="P1Y",
        billing_cycle="monthly",
        list_observed_at=timezone.now(),
    )


def make_order(subscription: Subscription) -> Order:
    """The order that a subscription came from."""
    subscription.order_pc_id = f"order-{subscription.pk}"
    subscription.save()
    bought = {"number": 0, "name": subscription.offer_name, "offer_id": "", "quantity": 10}
    told = {"term": "P1Y", "transaction": "New", "subscription": subscription.pc_id}
    return Order.objects.create(
        connection=subscription.connection,
        pc_id=subscription.order_pc_id,
        customer=subscription.customer,
        customer_pc_id=subscription.customer_pc_id,
        reseller=subscription.reseller,
        name=subscription.offer_name,
        billing_cycle="monthly",
        status="completed",
        lines=[bought | told],
        list_observed_at=timezone.now(),
    )


def make_decision(subscription: Subscription) -> TermDecision:
    """What somebody at the customer decided about the end of the term, with a file that proves it."""
    proof = files.store([b"x"], owner=None, kind="term-proof", name="x", content_type="text/plain")
    return TermDecision.objects.create(
        connection=subscription.connection,
        reseller=subscription.reseller,
        subscription=subscription,
        choice="cancel",
        decided_by="Ana",
        file=proof,
    )


def make_letter(subscription: Subscription, slug: str = "renewal.question") -> TermLetter:
    """What a customer was written about the end of a term; the mail has failed."""
    mail = Mail.objects.create(to="ana@example.com", state="failed", error="refused")
    return TermLetter.objects.create(
        connection=subscription.connection,
        reseller=subscription.reseller,
        subscription=subscription,
        slug=slug,
        to=mail.to,
        language="fr",
        mail=mail,
        written_at=timezone.now(),
    )


def make_estate() -> Estate:
    """The estate of the ``estate`` fixture: a query for each table, since most tests begin with it."""
    connection, other = Connection.objects.bulk_create(
        [_connection("contoso"), _connection("litware")]
    )
    fabrikam, northwind, foreign = Reseller.objects.bulk_create(
        [
            _reseller(connection, "Fabrikam", "1000001"),
            _reseller(connection, "Northwind", "1000002"),
            _reseller(other, "Tailspin", "1000003"),
        ]
    )
    of_fabrikam, of_northwind, shared, direct, elsewhere = Customer.objects.bulk_create(
        [_customer(connection, name) for name in ("Adatum", "Wingtip", "Proseware", "Lucerne")]
        + [_customer(other, "Alpine")]
    )
    sales = [
        (of_fabrikam, fabrikam),
        (of_northwind, northwind),
        (shared, fabrikam),
        (shared, northwind),
        (elsewhere, foreign),
    ]
    _link_all(sales, (fabrikam, northwind, foreign))
    seats = Subscription.objects.bulk_create(
        [
            _subscription(of_fabrikam, fabrikam, "E3"),
            _subscription(of_northwind, northwind, "E3"),
            _subscription(shared, fabrikam, "E3"),
            _subscription(shared, northwind, "E5"),
            _subscription(direct, None, "E3"),
            _subscription(elsewhere, foreign, "E3"),
        ]
    )
    return Estate(
        connection=connection,
        other=other,
        fabrikam=fabrikam,
        northwind=northwind,
        foreign=foreign,
        of_fabrikam=of_fabrikam,
        of_northwind=of_northwind,
        shared=shared,
        direct=direct,
        elsewhere=elsewhere,
        fabrikam_seats=seats[0],
        northwind_seats=seats[1],
        shared_fabrikam=seats[2],
        shared_northwind=seats[3],
        direct_seats=seats[4],
        elsewhere_seats=seats[5],
    )


def _link_all(
    sales: list[tuple[Customer, Reseller]], resellers: tuple[Reseller, Reseller, Reseller]
) -> None:
    """The MPN id of each reseller, and a link for each of its customers."""
    numbers = ("1000001", "1000002", "1000003")
    made = ResellerMpn.objects.bulk_create(
        ResellerMpn(connection=reseller.connection, reseller=reseller, mpn_id=number)
        for reseller, number in zip(resellers, numbers, strict=True)
    )
    mpns = {mpn.reseller_id: mpn for mpn in made}
    ResellerLink.objects.bulk_create(
        _link(customer, reseller, mpns[reseller.pk]) for customer, reseller in sales
    )


def make_change(subscription: Subscription, actor: User, **values: object) -> Command:
    """A Command that waits in the outbox, as if ``actor`` had asked to suspend the subscription."""
    return Command.objects.create(
        verb="subscription.suspend",
        connection=subscription.connection,
        reseller=subscription.reseller,
        customer_pc_id=subscription.customer_pc_id,
        customer_name=subscription.customer.name if subscription.customer else "",
        target_type="subscription",
        target_id=subscription.pk,
        target_pc_id=subscription.pc_id,
        target_label=subscription.friendly_name,
        before={"status": "active"},
        after={"status": "suspended"},
        actor=actor,
        **values,
    )


def make_batch(subscription: Subscription, actor: User, **values: object) -> Batch:
    """A checked batch of one row, as if ``actor`` had selected the subscription to suspend it."""
    batch = Batch.objects.create(
        verb="subscription.suspend",
        actor=actor,
        connection_ids=[subscription.connection_id],
        reseller_ids=[subscription.reseller_id or 0],
        **{"state": "ready"} | values,
    )
    BatchRow.objects.create(
        batch=batch,
        position=1,
        connection=subscription.connection,
        reseller=subscription.reseller,
        target_id=subscription.pk,
        target_pc_id=subscription.pc_id,
        target_label=subscription.friendly_name,
        before={"status": "active"},
        after={"status": "suspended"},
        state="ready",
    )
    return batch
