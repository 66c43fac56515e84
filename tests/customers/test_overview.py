"""A customer's overview: people, licences, budget and spend as known, what needs somebody, no cost for a reseller."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from billing.models import Invoice, InvoiceLine
from customers.models import AdminRelationship, Agreement, Customer, UsageBudget
from customers.overview import glance
from portal.access.models import Membership, User
from portal.mirror.models import Freshness
from portal.ui.formats import money
from tests.people import Estate, make_customer_user, make_person, make_sku

ClientOf = Callable[[User], Client]


def read(customer: Customer, family: str, parent: str | None = None) -> None:
    Freshness.objects.create(
        connection=customer.connection,
        family=family,
        parent=customer.pc_id if parent is None else parent,
        complete_at=timezone.now(),
    )


def permit(customer: Customer, name: str, ends_in: int, extension: str = "P0D") -> None:
    AdminRelationship.objects.create(
        connection=customer.connection,
        customer=customer,
        customer_pc_id=customer.pc_id,
        pc_id=name,
        status="active",
        extension=extension,
        ends_at=timezone.now() + dt.timedelta(days=ends_in),
    )


def charge(customer: Customer, number: str, net: str) -> None:
    invoice = Invoice.objects.create(
        connection=customer.connection,
        pc_id=number,
        invoice_date=timezone.now(),
        has_lines=True,
        currency="EUR",
    )
    InvoiceLine.objects.create(
        connection=customer.connection,
        invoice=invoice,
        position=0,
        digest=1,
        customer=customer,
        customer_pc_id=customer.pc_id,
        subtotal=Decimal(net),
        total=Decimal(net),
        currency="EUR",
    )


def test_nothing_read_is_said_and_needs_nobody(estate: Estate) -> None:
    found = glance(estate.of_fabrikam)
    assert (found.users, found.bought, found.budget_read) == (None, None, False)
    assert (found.has_agreement, found.has_permission, found.needs) == (None, None, False)


def test_what_is_known(estate: Estate) -> None:
    customer = estate.of_fabrikam
    make_customer_user(customer, "Ana")
    gone = make_customer_user(customer, "Bo")
    gone.state = "inactive"
    gone.save()
    sku = make_sku(customer)
    UsageBudget.objects.create(
        connection=customer.connection,
        customer=customer,
        customer_pc_id=customer.pc_id,
        pc_id=customer.pc_id,
        amount=Decimal("250.50"),
    )
    for family in ("customer_users", "subscribed_skus", "usage_budgets"):
        read(customer, family)
    found = glance(customer)
    assert (found.users, found.deleted) == (1, 1)
    assert (found.bought, found.assigned) == (sku.units_active, sku.units_consumed)
    assert (found.budget_read, found.budget) == (True, Decimal("250.50"))
    assert glance(estate.of_northwind).users is None, "another customer's rows count for nothing"


def test_a_missing_agreement_or_permission_needs_somebody(estate: Estate) -> None:
    customer = estate.of_fabrikam
    read(customer, "agreements")
    read(customer, "admin_relationships", "")
    found = glance(customer)
    assert (found.lacks_agreement, found.lacks_permission) == (True, True)
    Agreement.objects.create(
        connection=customer.connection,
        customer=customer,
        customer_pc_id=customer.pc_id,
        pc_id="agreed",
    )
    permit(customer, "long", 300)
    found = glance(customer)
    assert not found.needs


@pytest.mark.parametrize(
    ("ends", "extension", "soon"), [(9, "P0D", True), (9, "P180D", False), (60, "P0D", False)]
)
def test_an_end_is_told_where_all_ends_soon(
    estate: Estate, ends: int, extension: str, soon: bool
) -> None:
    permit(estate.of_fabrikam, "one", ends, extension)
    assert glance(estate.of_fabrikam).ends_soon is soon
    permit(estate.of_fabrikam, "two", 300)
    assert not glance(estate.of_fabrikam).ends_soon


def test_spend_is_for_those_who_may_see_cost(estate: Estate, client_of: ClientOf) -> None:
    charge(estate.of_fabrikam, "G000777", "9876.54")
    charge(estate.of_northwind, "G000778", "1234.56")
    url = estate.of_fabrikam.get_absolute_url()
    admin = make_person("head", "distributor-admin", estate.connection)
    page = client_of(admin).get(url).content.decode()
    assert money(Decimal("9876.54"), "EUR") in page
    assert "G000777" in page
    assert "G000778" not in page, "another customer's invoice"
    # The second may see cost elsewhere, and of this customer a reseller's part alone.
    both = make_person("both", "reseller-admin", estate.connection, estate.fabrikam)
    Membership.objects.create(user=both, role="billing", connection=estate.elsewhere.connection)
    for staff in (make_person("sales", "sales", estate.connection, estate.fabrikam), both):
        page = client_of(staff).get(url).content.decode()
        assert "People, licences and budget" in page
        assert "G000777" not in page
        assert "9,876.54" not in page
        assert 'id="spend"' not in page, "nor that there is such a thing"
