"""A distributor's admin in French: a customer for a reseller, its first user, a licence, a password, gone and back."""

from collections.abc import Callable
from io import StringIO

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from customers import demand
from customers.creating.actions import CREATE
from customers.licences import actions as licences
from customers.licences import demand as licence_demand
from customers.models import Customer, CustomerUser
from customers.users import actions as users
from customers.users.part import PART
from portal.access.models import Reseller, User
from portal.activity.models import AuditMatch
from portal.outbox.models import Command
from tests.browser.conftest import Portal
from tests.browser.words import Words
from tests.people import make_person
from tests.portal_processes import until

Open = Callable[..., Page]
FRENCH = Words("fr")
DOMAIN = "fabriquedunord.onmicrosoft.com"
COMPANY = {
    "company_name": "Fabrique du Nord",
    "domain": "fabriquedunord",
    "first_name": "Camille",
    "last_name": "Lefèvre",
    "email": "camille@nord.example",
    "address_line1": "3 rue Voltaire",
    "postal_code": "59990",
    "city": "Vieuxbourg",
}
RECORDED = (
    CREATE,
    users.CREATE,
    licences.ASSIGN,
    users.RESET_PASSWORD,
    users.DELETE,
    users.RESTORE,
)


def press(page: Page, english: str) -> None:
    page.get_by_role("button", name=FRENCH.exact(english)).click()


def follow(page: Page, english: str) -> None:
    page.locator(".head").get_by_role("link", name=FRENCH.exact(english)).click()


def confirmed(verb: str, customer: Customer) -> None:
    """Wait until Partner Center has confirmed the customer's change of this verb."""
    rows = Command.objects.filter(verb=verb, customer_pc_id=customer.pc_id, state="succeeded")
    until(rows.exists, f"{verb} to be confirmed")


def password_shown_once(page: Page) -> str:
    """Press the button, read it, and see that it is gone."""
    press(page, "Show password once")
    secret = page.locator("#secret")
    expect(secret).to_contain_text(FRENCH("Copy it now"))
    told = secret.locator(".mono").last.inner_text()
    page.reload()
    expect(page.locator("#secret")).to_have_count(0)
    assert told not in page.content()
    return told


def create_for_a_reseller(page: Page, portal: Portal) -> Customer:
    """Through the wizard, with the agreement that somebody there has accepted."""
    reseller = Reseller.objects.filter(
        connection=portal.connection, gone_at=None, state__iexact="active"
    ).earliest("pk")
    page.goto(reverse("customer_new"))
    page.locator("[name=place]").select_option(f"{portal.connection.pk}:{reseller.pk}")
    page.locator("[name=country]").select_option("FR")
    press(page, "Go on")
    expect(page.locator("[name=company_name]")).to_be_visible()
    for name, value in COMPANY.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("main").locator("summary").click()
    page.locator("[name=agreed_on]").fill(timezone.localdate().isoformat())
    press(page, "Check")
    press(page, "Create customer")
    expect(page.get_by_role("button", name=FRENCH.exact("Show password once"))).to_be_visible()
    customer = Customer.objects.get(domain=DOMAIN)
    assert customer.reseller_links.get(gone_at=None).reseller == reseller
    return customer


def create_its_first_user(page: Page, customer: Customer) -> CustomerUser:
    """Read on its tab from then on: the tab has the directory read when it opens."""
    page.goto(reverse("customer_user_create", args=[customer.pk]))
    page.locator("[name=display_name]").fill("Adèle Roux")
    page.locator("[name=user_principal_name]").fill(f"adele.roux@{DOMAIN}")
    press(page, "Go on")
    press(page, "Create user")
    confirmed(users.CREATE, customer)
    until(lambda: demand.reading(customer, PART).state == "known", "the directory to be read")
    page.reload()
    page.get_by_role("link", name="Adèle Roux").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Adèle Roux")
    return CustomerUser.objects.get(customer=customer, display_name="Adèle Roux")


def give_it_a_licence(page: Page, user: CustomerUser) -> None:
    assert user.customer is not None
    customer, products = user.customer, licence_demand.PART
    page.goto(reverse("customer_user_licences", args=[user.pk]))
    until(lambda: licence_demand.reading(user).state == "known", "the licences to be read")
    until(lambda: demand.reading(customer, products).state == "known", "the products to be read")
    page.reload()
    page.locator("#main a[href$='/assign/']").first.click()
    page.locator("#main form button.btn-primary").click()
    confirmed(licences.ASSIGN, customer)
    page.goto(reverse("customer_user_licences", args=[user.pk]))
    expect(page.locator("a[href$='/remove/']")).to_have_count(1)


def test_a_new_customer_and_its_first_user_from_beginning_to_end(
    portal: Portal, open_as: Open
) -> None:
    denise = make_person("denise", "distributor-admin", portal.connection)
    User.objects.filter(pk=denise.pk).update(language="fr")
    portal.people["denise"] = denise
    page = open_as("denise")
    customer = create_for_a_reseller(page, portal)
    first = password_shown_once(page)
    confirmed("customer.confirm_agreement", customer)
    user = create_its_first_user(page, customer)
    give_it_a_licence(page, user)

    page.goto(user.get_absolute_url())
    follow(page, "Reset password")
    press(page, "Reset password")
    assert password_shown_once(page) != first
    follow(page, "Delete")
    press(page, "Delete user")
    confirmed(users.DELETE, customer)
    page.goto(user.get_absolute_url())
    expect(page.locator(".head")).to_contain_text(FRENCH("Deleted"))
    follow(page, "Restore")
    press(page, "Restore user")
    confirmed(users.RESTORE, customer)
    page.goto(user.get_absolute_url())
    expect(page.locator(".head")).not_to_contain_text(FRENCH("Deleted"))

    call_command("sync", portal.connection.name, changes=True, json=True, stdout=StringIO())
    joined = AuditMatch.objects.filter(entry__customer_pc_id=customer.pc_id, certainty="same")
    kinds = set(joined.values_list("entry__kind", flat=True))
    assert {f"{verb}.confirmed" for verb in RECORDED} <= kinds
    page.goto("/activity/")
    log = page.get_by_role("main")
    expect(log).to_contain_text(FRENCH("Restore user"))
    expect(log).to_contain_text("Fabrique du Nord")
    expect(log).not_to_contain_text("Adèle Roux")
