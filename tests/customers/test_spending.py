"""Budget and entitlements: read on demand, the budget set once and never over somebody else."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Entitlement, UsageBudget
from customers.spending import actions
from customers.spending.part import BUDGETS, ENTITLEMENTS
from orders.models import Subscription
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import aging, families, refresh, rereading
from portal.mirror.models import DirtyMark, Question
from portal.outbox import engine, tasks
from portal.outbox.batches import checking, registry
from portal.outbox.commands import Asked
from portal.outbox.models import Batch, Command
from portal.partnercenter.errors import NotFound
from portal.partnercenter.operations.customers import UPDATE_SPENDING_BUDGET
from portal.partnercenter.operations.orders import GET_ENTITLEMENT_ARTIFACT
from portal.partnercenter.operations.unlisted import GET_SPENDING_BUDGET
from portal.partnercenter.testing import StubPartner
from tests.contract.documents import DATA, load
from tests.factories import guid
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
LINE = {
    "referenceOrder": {"id": "4teYMtWYEeKM77JftGLIQYMOZPTwyOEV1", "lineItemId": "1"},
    "productId": "DG7GMGF0DWBQ",
    "quantity": 3,
    "skuId": "0003",
    "entitlementType": "software",
    "expiryDate": "2022-01-28T00:00:00Z",
}


@pytest.fixture
def customer(estate: Estate) -> Customer:
    found = estate.of_fabrikam
    found.connection.consented_at = timezone.now()
    found.connection.save()
    return found


@pytest.fixture
def boss(estate: Estate) -> User:
    return make_person("boss", "reseller-admin", estate.connection, estate.fabrikam)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubPartner]:
    with StubPartner() as made:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: made.client)
        yield made


def store(customer: Customer, name: str, payload: Any) -> None:
    """Read one list of the customer as a worker does."""
    family = families.get(name)
    mark = refresh.request(customer.connection, name, "", parent=customer.pc_id)
    query = dict(family.listing.query(customer.connection, customer.pc_id))
    with StubPartner() as made:
        ids: Any = {"customer_id": customer.pc_id}
        made.expect(family.listing.operation, payload, query=query, **ids)
        found = rereading.read_mark(made.client, customer.connection, family, mark)
    rereading.keep(customer.connection, family, [found])


def ask(customer: Customer, by: User, amount: str) -> Command:
    values = {"budget": Decimal(amount)}
    return actions.set_budget(Actor.for_user(by), Scope.for_user(by), customer, values, Asked())


def test_the_tab_shows_budget_and_entitlements_as_read(
    customer: Customer, bob: User, client_of: ClientOf
) -> None:
    tab = reverse("customer_spending", args=[customer.pk])
    store(customer, BUDGETS, {"attributes": {"objectType": "SpendingBudget"}})
    store(customer, ENTITLEMENTS, {"totalCount": 1, "items": [LINE]})
    page = client_of(bob).get(tab).content.decode()
    assert "Not set" in page
    assert "DG7GMGF0DWBQ:0003" in page
    assert ">Software<" in page
    Subscription.objects.filter(customer=customer).update(
        product_id="DG7GMGF0DWBQ", sku_id="0003", offer_name="SQL Server 2019"
    )
    assert "SQL Server 2019<small>DG7GMGF0DWBQ:0003" in client_of(bob).get(tab).content.decode()
    assert "28 Jan 2022" in page
    assert "Set budget" not in page, "sales may not"
    store(customer, BUDGETS, {"amount": 1234.5})
    assert UsageBudget.objects.get().amount == Decimal("1234.50")
    assert "1,234.5" in client_of(bob).get(tab).content.decode()
    store(customer, ENTITLEMENTS, {"totalCount": 0, "items": []})
    assert Entitlement.objects.get().gone_at is not None


def test_what_stands_behind_a_reservation_is_asked_and_shown(
    customer: Customer, bob: User, auditor: User, client_of: ClientOf, api_of: Callable[..., Client]
) -> None:
    documented = DATA / "examples" / "get-a-collection-of-entitlements-1.json"
    body = load(documented)["response"]["body"]
    store(customer, BUDGETS, {})
    store(customer, ENTITLEMENTS, body)
    row = Entitlement.objects.get(product_id="DZH318Z0BQ3W")
    software = Entitlement.objects.exclude(pk=row.pk).get()
    url = reverse("customer_entitlement", args=[customer.pk, row.pk])
    tab = reverse("customer_spending", args=[customer.pk])
    assert f'<a href="{url}">' in client_of(bob).get(tab).content.decode()
    assert url not in client_of(auditor).get(tab).content.decode()
    browser = client_of(bob)
    assert f'hx-post="{url}" hx-trigger="load"' in browser.get(url).content.decode()
    assert not Question.objects.exists(), "a page that is opened asks nothing"
    assert "being asked" in browser.post(url).content.decode()
    question = Question.objects.get()
    place = question.parameters["path"] | {"customer_id": "x"}
    for number, shape in ((4, "reservedinstance"), (3, "virtual_machine_reserved_instance")):
        example = load(DATA / "examples" / f"get-a-collection-of-entitlements-{number}.json")
        path = GET_ENTITLEMENT_ARTIFACT.path.format(**place).partition(
            "/artifacts/reservedinstance"
        )
        assert example["request"]["path"].endswith(path[2])
        told = example["response"]["body"]
        assert told["type"] == shape
        Question.objects.update(state="answered", answer=told)
        page = browser.post(url).content.decode()
        assert "99f320db-c029-4c1b-a157-dad76e4481b6" in page
        assert "23 Feb 2019" in page
    api = f"/api/v1/customers/{customer.pk}"
    caller = api_of(bob, read_only=False)
    listed = caller.get(f"{api}/spending/").json()["entitlements"]
    assert {one["id"]: one["has_artifacts"] for one in listed} == {row.pk: True, software.pk: False}
    held = caller.post(f"{api}/entitlements/{row.pk}/artifacts/").json()["reservations"]
    assert (held[0]["quantity"], held[0]["state"]) == (1, "Created")
    assert caller.post(f"{api}/entitlements/{software.pk}/artifacts/").status_code == 404
    error = {"code": "1000", "message": "Not found", "status": 404, "correlation_id": "c-77"}
    Question.objects.update(state="refused", error=error)
    refused = caller.post(
        f"{api}/entitlements/{row.pk}/artifacts/", headers={"Accept-Language": "fr"}
    )
    assert refused.status_code == 502
    told = {"code": "1000", "said": "Not found", "correlation_id": "c-77", "fields": {}}
    words = "L'Espace partenaires ne connaît pas cet élément."
    assert refused.json() == told | {"message": words}
    page = browser.post(url).content.decode()
    for part in ("Partner Center does not know this record.", "1000", "Not found", "c-77"):
        assert part in page


def test_a_customer_of_which_nothing_is_known_counts_as_read(customer: Customer) -> None:
    store(customer, BUDGETS, {"amount": 70})
    store(customer, BUDGETS, NotFound("no budget", status=404))
    row = UsageBudget.objects.get()
    assert row.gone_at is not None
    assert actions.budget_of(customer) is None
    family = families.get(BUDGETS)
    aging.mark(customer.connection, family)
    marked = DirtyMark.objects.filter(family=BUDGETS, parent=customer.pc_id)
    assert not marked.exists()


def test_a_budget_is_told_set_and_confirmed_by_a_read(
    customer: Customer, boss: User, client_of: ClientOf, stub: StubPartner
) -> None:
    browser, url = client_of(boss), reverse("customer_budget", args=[customer.pk])
    assert "Nothing is stopped" in browser.post(url, {"budget": "100"}).content.decode()
    assert Command.objects.count() == 0
    assert browser.post(url, {"budget": "100", "confirmed": "1"}).status_code == 302
    command = Command.objects.get()
    assert (command.before, command.after) == ({"budget": None}, {"budget": "100.00"})
    ids: Any = {"customer_id": customer.pc_id}
    body = {"Amount": Decimal("100.00"), "Attributes": {"ObjectType": "SpendingBudget"}}
    stub.expect(GET_SPENDING_BUDGET, {}, **ids)
    stub.expect(UPDATE_SPENDING_BUDGET, {"amount": 100}, body=body, **ids)
    stub.expect(GET_SPENDING_BUDGET, {"amount": 100}, **ids)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert (command.state, command.summary) == ("succeeded", "Budget: none → 100")
    assert UsageBudget.objects.get().amount == Decimal(100)


def test_somebody_elses_budget_is_shown_and_not_overwritten(
    customer: Customer, boss: User, stub: StubPartner
) -> None:
    command = ask(customer, boss, "100")
    stub.expect(GET_SPENDING_BUDGET, {"amount": 70}, customer_id=customer.pc_id)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "failed"
    assert (command.error or {})["difference"] == {"budget": [None, "70.00"]}


def test_what_makes_no_sense_is_not_asked(customer: Customer, boss: User) -> None:
    store(customer, BUDGETS, {"amount": 100})
    with pytest.raises(RefusedError) as same:
        ask(customer, boss, "100.00")
    customer.connection.cloud = "china"
    with pytest.raises(RefusedError) as cloud:
        ask(customer, boss, "120")
    assert (same.value.code, cloud.value.code) == ("unchanged", "cloud")
    with pytest.raises(RefusedError, match="Write an amount"):
        registry.get(actions.SET_BUDGET).check(customer, {"budget": "1e40"}, {})
    assert Command.objects.count() == 0


def test_the_api_shows_and_sets_it(
    customer: Customer, boss: User, bob: User, api_of: Callable[..., Client]
) -> None:
    store(customer, BUDGETS, {"amount": 100})
    base = f"/api/v1/customers/{customer.pk}"
    assert api_of(bob).get(f"{base}/spending/").json()["budget"] == "100.00"
    denied = api_of(bob, read_only=False)
    sent = {"budget": "150"}
    assert denied.post(f"{base}/set-budget/", sent, "application/json").status_code == 403
    caller = api_of(boss, read_only=False)
    assert caller.post(f"{base}/set-budget/", sent, "application/json").status_code == 202


def test_many_customers_get_one_budget_after_a_dry_run(
    customer: Customer, estate: Estate, alice: User, boss: User, client_of: ClientOf
) -> None:
    browser, url = client_of(alice), reverse("customers_budget")
    rows = {"row": [customer.pk, estate.shared.pk, estate.direct.pk]}
    assert "Budget a month" in browser.post(url, rows).content.decode()
    assert browser.post(url, rows | {"valued": "1", "budget": "-3"}).status_code == 422
    assert Batch.objects.count() == 0
    store(customer, BUDGETS, {"amount": 250})
    assert browser.post(url, rows | {"valued": "1", "budget": "250"}).status_code == 302
    batch = Batch.objects.get()
    assert batch.reseller_ids == [0, estate.fabrikam.pk]
    checking.check(batch.pk)
    found = {row.target_label: (row.state, row.after) for row in batch.rows.all()}
    assert found["Lucerne"] == ("ready", {"budget": "250.00"})
    assert found["Adatum"][0] != "ready", "it has this budget already"
    assert Command.objects.count() == 0
    outside = {"row": [estate.of_northwind.pk], "valued": "1", "budget": "250"}
    client_of(boss).post(url, outside)
    assert Batch.objects.count() == 1


def test_a_table_sets_a_budget_for_each_line_after_a_dry_run(
    estate: Estate, boss: User, client_of: ClientOf
) -> None:
    browser, url = client_of(boss), reverse("customers_budget_file")
    empty = browser.get(reverse("customers_budget_template")).content.decode()
    assert "Tenant ID,Budget a month" in empty
    ids = dict(enumerate((guid("one"), guid("two"), guid("theirs"))))
    for place, row in enumerate((estate.of_fabrikam, estate.shared, estate.of_northwind)):
        Customer.objects.filter(pk=row.pk).update(pc_id=ids[place])
    lines = [f"{ids[0]};1500", f"{ids[1]};12,50", f"{ids[2]};5", f"{guid('none')};5", "x;y"]
    table = "Tenant ID;Budget a month\n" + "\n".join(lines)
    file = SimpleUploadedFile("budgets.csv", table.encode())
    assert browser.post(url, {"table": file}).status_code == 302
    batch = Batch.objects.get()
    checking.check(batch.pk)
    found = {row.target_label: (row.state, row.after["budget"]) for row in batch.rows.all()}
    assert found == {
        estate.of_fabrikam.name: ("ready", "1500.00"),
        estate.shared.name: ("ready", "12.50"),
    }, "nothing of another reseller's customer"
    page = browser.get(batch.get_absolute_url()).content.decode()
    assert "Set the usage budgets of 2 customers to what their lines say?" in page
    assert "You see no customer of this tenant ID." in page
    assert Command.objects.count() == 0
