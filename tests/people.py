"""The small estate and the named people that access is tested with."""

from dataclasses import dataclass

from django.utils import timezone

from customers.models import Customer, CustomerUser, DirectoryRole, ResellerLink, SubscribedSku
from orders.models import Subscription
from portal.access.models import Membership, Reseller, ResellerMpn, User
from portal.connections.models import Connection
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


def make_connection(name: str) -> Connection:
    """A live sandbox connection that nothing answers."""
    return Connection.objects.create(
        name=name,
        environment="sandbox",
        mode="live",
        tenant_id=f"tenant-{name}",
        client_id=f"client-{name}",
        client_secret="canary-secret",
        api_url="http://127.0.0.1:9",
        login_url="http://127.0.0.1:9",
        graph_url="http://127.0.0.1:9",
    )


def make_reseller(connection: Connection, name: str, mpn: str) -> Reseller:
    """An indirect reseller with one MPN id."""
    reseller = Reseller.objects.create(
        connection=connection, pc_id=f"reseller-{mpn}", name=name, state="active"
    )
    ResellerMpn.objects.create(connection=connection, reseller=reseller, mpn_id=mpn)
    return reseller


def make_customer(connection: Connection, name: str, *resellers: Reseller) -> Customer:
    """A customer as a full sync leaves it, linked to its resellers."""
    slug = name.lower().replace(" ", "-")
    customer = Customer.objects.create(
        connection=connection,
        pc_id=f"{slug}-id",
        tenant_id=f"{slug}-id",
        name=name,
        domain=f"{slug}.example",
        country="FR",
        relationship_to_partner="reseller",
        list_observed_at=timezone.now(),
    )
    for reseller in resellers:
        ResellerLink.objects.create(
            connection=connection,
            customer=customer,
            customer_pc_id=customer.pc_id,
            reseller=reseller,
            reseller_pc_id=reseller.pc_id,
            mpn_id=reseller.mpns.get().mpn_id,
        )
    return customer


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


def make_subscription(customer: Customer, reseller: Reseller | None, name: str) -> Subscription:
    """An active subscription of 10 seats, with the tenancy that a sync would have stored."""
    return Subscription.objects.create(
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


def make_estate() -> Estate:
    """The estate of the ``estate`` fixture."""
    connection, other = make_connection("contoso"), make_connection("litware")
    fabrikam = make_reseller(connection, "Fabrikam", "1000001")
    northwind = make_reseller(connection, "Northwind", "1000002")
    foreign = make_reseller(other, "Tailspin", "1000003")
    of_fabrikam = make_customer(connection, "Adatum", fabrikam)
    of_northwind = make_customer(connection, "Wingtip", northwind)
    shared = make_customer(connection, "Proseware", fabrikam, northwind)
    direct = make_customer(connection, "Lucerne")
    elsewhere = make_customer(other, "Alpine", foreign)
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
        fabrikam_seats=make_subscription(of_fabrikam, fabrikam, "E3"),
        northwind_seats=make_subscription(of_northwind, northwind, "E3"),
        shared_fabrikam=make_subscription(shared, fabrikam, "E3"),
        shared_northwind=make_subscription(shared, northwind, "E5"),
        direct_seats=make_subscription(direct, None, "E3"),
        elsewhere_seats=make_subscription(elsewhere, foreign, "E3"),
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
