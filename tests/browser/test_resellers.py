"""What staff of an indirect reseller see: their own part, also of a customer that buys elsewhere too."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from customers.models import Customer
from orders.models import Subscription
from portal.access.models import User
from tests.browser.conftest import Portal

Open = Callable[..., Page]


def staff_of(portal: Portal, reseller_id: int) -> str:
    """The name of the person who works at this reseller."""
    person = User.objects.get(memberships__reseller=reseller_id, memberships__role="sales")
    return next(name for name, user in portal.people.items() if user.pk == person.pk)


def names(page: Page) -> set[str]:
    """What the rows of the list are about."""
    expect(page.locator("tbody tr").first).to_be_visible()
    return set(page.locator("tbody th[scope=row] .name").all_inner_texts())


def test_a_shared_customer_looks_different_to_each_reseller(portal: Portal, open_as: Open) -> None:
    one, other = portal.shared()
    customer = one.customer
    for link in (one, other):
        page = open_as(staff_of(portal, link.reseller_id))
        page.goto(f"{customer.get_absolute_url()}subscriptions/")
        mine = Subscription.objects.filter(customer=customer, reseller=link.reseller)
        rows = page.locator("tbody tr")
        expect(rows).to_have_count(mine.count())
        for address in mine.values_list("pk", flat=True):
            expect(page.locator(f"tbody a[href='/subscriptions/{address}/']")).to_have_count(1)
        page.goto(customer.get_absolute_url())
        theirs = other if link is one else one
        expect(page.get_by_role("main")).to_contain_text(link.reseller.name)
        expect(page.get_by_role("main")).not_to_contain_text(theirs.reseller.name)


def test_another_resellers_part_is_not_there(portal: Portal, open_as: Open) -> None:
    theirs = Subscription.objects.filter(reseller=portal.people_reseller("charlie")).first()
    assert theirs is not None
    page = open_as("bob")
    response = page.goto(theirs.get_absolute_url())
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert theirs.friendly_name not in page.content()
    assert page.title()

    page.goto("/customers/")
    mine = Customer.objects.filter(reseller_links__reseller=portal.people_reseller("bob"))
    assert names(page) == set(mine.values_list("name", flat=True))
    page.goto("/")
    expect(page.locator(".kpis dd").first).to_have_text(str(mine.distinct().count()))
    expect(page.get_by_role("navigation").get_by_role("link", name="Activity")).to_have_count(0)
