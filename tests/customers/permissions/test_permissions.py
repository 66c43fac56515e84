"""What customers permit: read from Graph, told before a form is sent, asked for in two steps."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from customers.letters import spoken
from customers.licences import actions as licences
from customers.models import AdminRelationship, Customer, UserLicences
from customers.permissions import actions, finding, letters, mapping, words
from customers.permissions.standing import State, first, lost, standing
from customers.permissions.sync import SHAPE
from customers.permissions.words import FAMILY, Need
from customers.relationships import letters as invitations
from customers.users import actions as users
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import families, freshness, upsert
from portal.mirror.families import Reading
from portal.mirror.models import DirtyMark, Freshness
from portal.outbox.batches import registry
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.permissions import LIST_ADMIN_RELATIONSHIPS
from portal.ui.sentences import shown
from tests.customers.users.conftest import Upstream, deliver
from tests.customers.users.conftest import customer as customer  # noqa: PLC0414 - a fixture
from tests.customers.users.conftest import helper as helper  # noqa: PLC0414 - a fixture
from tests.customers.users.conftest import upstream as upstream  # noqa: PLC0414 - a fixture
from tests.people import Estate, make_customer_user, make_person, make_sku

ClientOf = Callable[[User], Client]
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
WISH: dict[str, Any] = {
    "roles": [words.USER_ADMINISTRATOR, words.PRIVILEGED_ROLES],
    "days": 365,
    "extended": False,
}


def store(customer: Customer, *roles: str, **more: Any) -> AdminRelationship:
    """A relationship of the customer in the mirror, active for a year unless told."""
    ends = timezone.now() + dt.timedelta(days=more.pop("days", 365))
    known = {"status": "active", "extension": "PT0S", "ends_at": ends, **more}
    return AdminRelationship.objects.create(
        connection=customer.connection,
        customer=customer,
        customer_pc_id=customer.pc_id,
        pc_id=f"r-{AdminRelationship.objects.count()}",
        name=f"Relationship {AdminRelationship.objects.count()}",
        role_ids=list(roles),
        **known,
    )


def read(customer: Customer, ago: dt.timedelta = dt.timedelta()) -> None:
    """The whole list was read then."""
    freshness.note(customer.connection, FAMILY, [("", timezone.now() - ago)])


def request(customer: Customer, by: User, **more: Any) -> Command:
    actor, scope = Actor.for_user(by), Scope.for_user(by)
    return actions.request(actor, scope, customer, WISH | more, Asked())


def sync(upstream: Upstream, customer: Customer) -> None:
    """Read the whole list page by page, as a pass does."""
    family = families.get(FAMILY)
    for page in upstream.client.pages(LIST_ADMIN_RELATIONSHIPS, query={"$top": 2}):
        upsert.upsert(family, SHAPE, customer.connection, page.items, observed_at=page.observed_at)
    read(customer)


@pytest.fixture
def graph(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> Upstream:
    """The emulator takes the one token of the test for both audiences, and Graph lives there too."""
    monkeypatch.setattr(
        "portal.emulator.app.GRAPH", frozenset({"https://api.partnercenter.microsoft.com"})
    )
    sender: Any = upstream.client.sender
    object.__setattr__(sender.endpoints, "graph", "http://emulator")
    return upstream


def test_the_documented_relationship_becomes_columns() -> None:
    payload = {
        "id": "5D027261-d21f-4aa9-b7db-7fa1f56fb163-8777b240-c6f0-4469-9e98-a3205431b836",
        "displayName": "Contoso admin relationship",
        "duration": "P730D",
        "customer": {"tenantId": "4B827261-D21F-4AA9-B7DB-7FA1F56FB163", "displayName": "Inc"},
        "accessDetails": {
            "unifiedRoles": [{"roleDefinitionId": "3A2C62DB-5318-420d-8d74-23affee5d9d5"}]
        },
        "autoExtendDuration": "P180D",
        "status": "approvalPending",
        "createdDateTime": "2022-02-10T11:24:42.3148266Z",
        "activatedDateTime": "",
        "endDateTime": "2024-02-10T11:24:42.3148266Z",
    }
    reading: Any = Reading(connection=None, observed_at=NOW)
    found = mapping.relationship(payload, reading)
    assert set(found) == set(mapping.COLUMNS)
    assert found["customer_pc_id"] == "4b827261-d21f-4aa9-b7db-7fa1f56fb163"
    assert found["role_ids"] == ["3a2c62db-5318-420d-8d74-23affee5d9d5"]
    assert (found["status"], found["activated_at"]) == ("approvalpending", None)
    assert found["ends_at"].date() == dt.date(2024, 2, 10)
    empty = mapping.relationship({}, reading)
    assert (empty["role_ids"], empty["ends_at"]) == ([], None)


def test_a_need_stands_by_its_roles_and_its_end(customer: Customer, bob: User) -> None:
    scope = Scope.for_user(bob)
    assert standing(scope, customer, Need.READ).state == State.UNKNOWN
    read(customer)
    assert standing(scope, customer, Need.READ).state == State.MISSING
    store(customer, words.GLOBAL_READER)
    assert standing(scope, customer, Need.READ).state == State.GIVEN
    assert standing(scope, customer, Need.USERS).state == State.MISSING
    store(customer, words.USER_ADMINISTRATOR, days=-1)
    assert standing(scope, customer, Need.USERS).state == State.MISSING, "it has ended"
    store(customer, words.USER_ADMINISTRATOR, status="approvalpending")
    found = standing(scope, customer, Need.USERS)
    assert (found.state, found.is_pending) == (State.MISSING, True)
    row = store(customer, words.USER_ADMINISTRATOR, days=10)
    assert standing(scope, customer, Need.USERS).state == State.EXPIRING
    assert first(scope, customer, Need.READ, Need.ROLES).need == Need.ROLES
    row.extension = "P180D"
    row.save()
    assert standing(scope, customer, Need.USERS).state == State.GIVEN


def test_only_a_new_reading_bars_what_is_missing(customer: Customer, helper: User) -> None:
    values = {"display_name": "Ann", "user_principal_name": f"ann@{customer.domain}"}
    actor, scope = Actor.for_user(helper), Scope.for_user(helper)
    read(customer)
    with pytest.raises(RefusedError) as caught:
        users.create(actor, scope, customer, values, Asked())
    assert caught.value.code == "permission_missing"
    assert not Command.objects.exists()
    read_at = timezone.now() - dt.timedelta(hours=1)
    Freshness.objects.filter(family=FAMILY).update(complete_at=read_at)
    assert users.create(actor, scope, customer, values, Asked()).pk


def test_a_reading_from_before_the_customer_came_says_nothing_of_it(
    customer: Customer, bob: User
) -> None:
    scope = Scope.for_user(bob)
    read(customer)
    assert standing(scope, customer, Need.USERS).state == State.MISSING
    customer.first_seen_at = timezone.now() + dt.timedelta(minutes=1)
    assert standing(scope, customer, Need.USERS).state == State.UNKNOWN


def test_forms_tell_what_is_missing_and_lead_to_the_request(
    customer: Customer, helper: User, charlie: User, client_of: ClientOf
) -> None:
    browser = client_of(helper)
    pages = [
        reverse("customer_users", args=[customer.pk]),
        reverse("customer_user_create", args=[customer.pk]),
        reverse("customer_licences", args=[customer.pk]),
    ]
    missing, soon = "has not given this permission", "ends soon"
    for url in pages:
        assert missing not in browser.get(url).content.decode(), "nobody knows yet"
    read(customer)
    tab = reverse("customer_permissions", args=[customer.pk])
    for url in pages:
        text = browser.get(url).content.decode()
        assert missing in text
        assert tab in text
    store(customer, *words.USUAL, days=12)
    for url in pages:
        text = browser.get(url).content.decode()
        assert missing not in text
        assert soon in text
    assert client_of(charlie).get(tab).status_code == 404


def test_a_request_is_made_locked_and_ready_to_be_mailed(
    graph: Upstream, customer: Customer, helper: User, client_of: ClientOf
) -> None:
    sync(graph, customer)
    before = AdminRelationship.objects.count()
    assert before >= 5, "of every customer of the partner"
    assert AdminRelationship.objects.exclude(customer=None).count() == 1
    command = deliver(request(customer, helper))
    assert command.state == "succeeded"
    row = AdminRelationship.objects.get(customer=customer, status=words.PENDING)
    assert set(row.role_ids) == set(WISH["roles"])
    assert AdminRelationship.objects.count() == before + 1
    customer.language = "fr"
    customer.save()
    tab = reverse("customer_permissions", args=[customer.pk])
    text = client_of(helper).get(f"{tab}?language=en").content.decode()
    assert letters.link(row) in text
    assert 'href="?language=de">German</a>' in text
    assert "opens this link and approves" in text
    with pytest.raises(RefusedError, match="waits already"):
        request(customer, helper)
    graph.api.control("POST", "clock", {"advance_seconds": 900})
    sync(graph, customer)
    row.refresh_from_db()
    assert (row.status, row.is_extended) == ("active", False)


def test_a_request_whose_answer_was_lost_is_found_by_its_name(
    graph: Upstream, customer: Customer, helper: User
) -> None:
    command = request(customer, helper)
    graph.fault("CREATE_ADMIN_RELATIONSHIP", "lost_reply")
    deliver(command)
    for _ in range(3):
        deliver(command)
    assert command.state == "succeeded"
    assert AdminRelationship.objects.filter(name=command.parameters["name"]).count() == 1
    assert graph.calls("CREATE_ADMIN_RELATIONSHIP") == 1


def test_a_permission_is_ended_with_its_consequence_told_first(
    graph: Upstream, customer: Customer, helper: User, client_of: ClientOf
) -> None:
    sync(graph, customer)
    row = AdminRelationship.objects.get(customer=customer, status="active")
    browser = client_of(helper)
    tab = reverse("customer_permissions", args=[customer.pk])
    url = f"{reverse('customer_permission_end', args=[customer.pk])}?relationship={row.pc_id}"
    assert url in browser.get(tab).content.decode()
    assert f'value="{row.pc_id}" selected' in browser.get(url).content.decode()
    told = browser.post(url, {"relationship": row.pc_id}).content.decode()
    assert "Partner Center refuses: Read users, roles and licences, Create" in told
    assert not Command.objects.exists(), "told first"
    browser.post(url, {"relationship": row.pc_id, "confirmed": "1"})
    command = deliver(Command.objects.get())
    row.refresh_from_db()
    assert (command.state, row.status) == ("succeeded", "terminated")
    assert standing(Scope.for_user(helper), customer, Need.READ).state == State.MISSING
    records = graph.api.get(f"/v1/auditrecords?startDate={timezone.now():%Y-%m-%d}").json["items"]
    ended = [one for one in records if one["operationType"].endswith("_terminated")]
    assert [one["customerId"] for one in ended] == [customer.pc_id]
    assert ended[0]["originalCorrelationId"] == command.steps.get().correlation_id
    assert url not in browser.get(tab).content.decode()


def test_what_is_ended_already_or_by_others_is_not_ended_twice(
    graph: Upstream, customer: Customer, helper: User, api_of: Callable[..., Client]
) -> None:
    sync(graph, customer)
    row = AdminRelationship.objects.get(customer=customer, status="active")
    other = store(customer, *row.role_ids)
    assert lost(customer, row) == [], "the other opens the same"
    api, url = api_of(helper, read_only=False), "api-customer-end-permission"
    address = reverse(url, args=[customer.pk])

    def ask(key: str) -> Any:
        return api.post(address, {"relationship": key}, content_type="application/json")

    assert (ask("nobodys").status_code, ask("nobodys").json()["code"]) == (409, "not_in_effect")
    assert ask(row.pc_id).status_code == 202
    graph.fault("REQUEST_ADMIN_RELATIONSHIP", "lost_reply")
    command = Command.objects.get()
    for _ in range(3):
        deliver(command)
    assert command.state == "succeeded"
    assert graph.calls("REQUEST_ADMIN_RELATIONSHIP") == 1
    assert graph.calls("GET_ADMIN_RELATIONSHIP") > 1, "read before, and after the lost answer"
    other.delete()
    AdminRelationship.objects.filter(pk=row.pk).update(status="active")
    Command.objects.filter(pk=command.pk).update(state="cancelled")
    actor, scope = Actor.for_user(helper), Scope.for_user(helper)
    again = actions.end(actor, scope, customer, {"relationship": row.pc_id}, Asked())
    assert deliver(again).state == "succeeded"
    assert graph.calls("REQUEST_ADMIN_RELATIONSHIP") == 1, "it had ended already"


@pytest.mark.parametrize("verb", [users.DELETE, licences.ASSIGN, licences.CHANGE, licences.REMOVE])
def test_the_dry_run_of_a_batch_says_per_row_who_permits_nothing(
    customer: Customer, estate: Estate, bob: User, verb: str, django_assert_num_queries: Any
) -> None:
    read(customer, dt.timedelta(days=2))
    Customer.objects.update(first_seen_at=timezone.now() - dt.timedelta(days=3))
    store(estate.shared, *words.USUAL)
    people = [make_customer_user(customer), make_customer_user(estate.shared)]
    make_sku(customer)
    sku = make_sku(estate.shared)
    held = (
        {"licences": {sku.pc_id: {"on": 1, "off": []}}}
        if verb == licences.REMOVE
        else {"licences": {}}
    )
    for user in people:
        UserLicences.objects.create(
            connection=user.connection,
            customer=user.customer,
            user=user,
            pc_id=user.pc_id,
            place=user.pc_id,
            list_observed_at=timezone.now(),
            **held,
        )
    bulk, scope = registry.get(verb), Scope.for_user(bob)
    with django_assert_num_queries(5):
        found = bulk.targets(scope, [user.pk for user in people])
    with pytest.raises(RefusedError) as caught:
        bulk.check(found[people[0].pk], {"sku": sku.pc_id}, {})
    assert caught.value.code == "permission_missing"
    assert "Read from Microsoft Graph: " in shown(caught.value.as_json())
    assert bulk.check(found[people[1].pk], {"sku": sku.pc_id}, {})
    freshness.bar(customer.connection, FAMILY, {"code": "403"})
    found = bulk.targets(scope, [user.pk for user in people])
    assert bulk.check(found[people[0].pk], {"sku": sku.pc_id}, {}), "nobody knows"


def test_who_may_ask_and_what_is_refused(
    customer: Customer, estate: Estate, helper: User, charlie: User
) -> None:
    seller = make_person("seller", "sales", estate.connection, estate.fabrikam)
    with pytest.raises(PermissionDenied):
        request(customer, seller)
    with pytest.raises(Http404):
        request(customer, charlie)
    for more, code in (
        ({"roles": []}, "roles"),
        ({"roles": [words.GLOBAL_ADMINISTRATOR]}, "roles"),
        ({"days": 731}, "days"),
    ):
        with pytest.raises(RefusedError) as caught:
            request(customer, helper, **more)
        assert caught.value.code == code
    customer.connection.cloud = "china"
    with pytest.raises(RefusedError) as caught:
        request(customer, helper)
    assert caught.value.code == "cloud"
    assert not Command.objects.exists()


def test_the_mail_speaks_the_customers_language_unless_told(customer: Customer) -> None:
    assert spoken(letters.LETTERS, "", "fr-FR") == "fr"
    assert spoken(letters.LETTERS, "en", "fr-FR") == "en"
    assert spoken(letters.LETTERS, "nowhere", "xx") == "en"
    assert letters.LETTERS.keys() == invitations.LETTERS.keys()
    row = store(customer, words.USER_ADMINISTRATOR)
    for language in letters.LETTERS:
        with translation.override("fr"):
            subject, body = letters.letter(row, language)
        assert ("- User Administrator" in body) == (language != "fr")
        assert letters.link(row) in body
        assert "{" not in subject + body
    assert "approuve\u00a0:" in letters.letter(row, "fr")[1]


def test_what_ends_soon_is_a_filter_away(
    customer: Customer, estate: Estate, bob: User, client_of: ClientOf
) -> None:
    store(customer, words.USER_ADMINISTRATOR, days=10)
    store(estate.shared, words.USER_ADMINISTRATOR, days=300)
    store(estate.direct, words.USER_ADMINISTRATOR, days=10)
    browser = client_of(bob)

    def names(query: str) -> set[str]:
        text = browser.get(f"{reverse('permissions')}?{query}").content.decode()
        return set(re.findall(r"Relationship \d", text))

    assert names("") == {"Relationship 0", "Relationship 1"}, "not of customers of others"
    assert names("state=expiring") == {"Relationship 0"}
    assert names("state=over") == set()


def test_customers_are_found_by_what_they_permit(
    customer: Customer, estate: Estate, bob: User, client_of: ClientOf
) -> None:
    everybody = set(Customer.objects.filter(connection=customer.connection))

    def found(word: str) -> set[Customer]:
        return set(Customer.objects.filter(finding.standing(word)))

    assert found("unknown") >= everybody
    read(customer)
    row = store(customer, words.GLOBAL_READER)
    store(estate.shared, words.USER_ADMINISTRATOR, days=10)
    store(estate.direct, words.GLOBAL_ADMINISTRATOR, status="terminated")
    assert found("expiring") == found("given") == {estate.shared}
    assert found("missing") == everybody - {estate.shared}
    browser, url = client_of(bob), reverse("customers")
    for query in ("permission=missing", "q=permission%3Amissing"):
        text = browser.get(f"{url}?{query}").content.decode()
        assert customer.name in text
        assert estate.shared.name not in text
    assert "permission:unknown" in browser.get(f"{url}?q=permission%3Ano").content.decode()
    row.role_ids, row.extension = [words.DIRECTORY_WRITERS], "P180D"
    row.save()
    assert found("given") == {customer, estate.shared}
    assert found("expiring") == {estate.shared}
    freshness.bar(customer.connection, FAMILY, {"code": "403"})
    assert found("missing") == found("given") == set()


def test_all_permissions_over_the_api(
    customer: Customer, estate: Estate, bob: User, api_of: Callable[..., Client]
) -> None:
    soon = store(customer, words.USER_ADMINISTRATOR, days=10)
    later = store(estate.shared, words.USER_ADMINISTRATOR)
    store(estate.direct, words.USER_ADMINISTRATOR)
    api, url = api_of(bob), reverse("api-permission-list")

    def found(query: str) -> list[str]:
        return [one["pc_id"] for one in api.get(f"{url}?{query}").json()["results"]]

    assert found("") == [soon.pc_id, later.pc_id], "not of customers of others"
    assert found("state=expiring") == found(f"customer={customer.pk}") == [soon.pc_id]
    assert api.get(f"{url}?state=soon").status_code == 400
    told = api.get(url).json()["results"][0]
    assert (told["customer"], told["customer_name"]) == (customer.pk, customer.name)


def test_the_list_is_read_again_on_demand_where_graph_can_be_asked(
    customer: Customer, helper: User, client_of: ClientOf
) -> None:
    browser = client_of(helper)
    tab = reverse("customer_permissions", args=[customer.pk])
    again = reverse("customer_permissions_refresh", args=[customer.pk])
    assert "Request permission" in browser.get(tab).content.decode()
    customer.connection.consented_at = None
    customer.connection.save()
    text = browser.get(tab).content.decode()
    assert "a person&#x27;s consent" in text or "a person's consent" in text
    assert "Request permission" not in text
    browser.post(again)
    assert not DirtyMark.objects.exists()
    customer.connection.consented_at = timezone.now()
    customer.connection.save()
    browser.post(again)
    mark = DirtyMark.objects.get()
    assert (mark.family, mark.parent, mark.key) == (FAMILY, "", "")


def test_what_graph_does_not_permit_is_not_known(
    customer: Customer, helper: User, client_of: ClientOf, api_of: Callable[..., Client]
) -> None:
    read(customer)
    scope = Scope.for_user(helper)
    assert standing(scope, customer, Need.USERS).state == State.MISSING
    refusal: dict[str, object] = {"code": "Authorization_RequestDenied", "kind": "Forbidden"}
    freshness.bar(customer.connection, FAMILY, refusal)
    assert standing(scope, customer, Need.USERS).state == State.UNKNOWN
    text = client_of(helper).get(reverse("customer_permissions", args=[customer.pk])).content
    assert b"Not known" in text
    assert b"Test connection" in text
    assert b"has not given" not in text
    assert b"Request permission" not in text
    told = api_of(helper).get(reverse("api-customer-permissions", args=[customer.pk])).json()
    assert told["closed"] == "not_permitted"
    with pytest.raises(RefusedError) as caught:
        request(customer, helper)
    assert caught.value.code == "not_permitted"
    again = reverse("customer_permissions_refresh", args=[customer.pk])
    client_of(helper).post(again)
    assert DirtyMark.objects.get().family == FAMILY, "somebody may have permitted it meanwhile"


def test_the_api_tells_the_same_and_asks(
    customer: Customer, helper: User, api_of: Callable[..., Client]
) -> None:
    read(customer)
    row = store(customer, words.GLOBAL_READER, status="approvalpending")
    api = api_of(helper, read_only=False)
    told = api.get(reverse("api-customer-permissions", args=[customer.pk])).json()
    assert {one["need"]: one["state"] for one in told["standings"]}["read"] == "missing"
    assert told["relationships"][0]["link"] == letters.link(row)
    url = reverse("api-customer-request-permission", args=[customer.pk])
    answer = api.post(url, {"roles": [words.USER_ADMINISTRATOR]}, content_type="application/json")
    assert answer.status_code == 202, answer.content
    bad = api.post(url, {"roles": ["x"]}, content_type="application/json")
    assert (bad.status_code, bad.json()["code"]) == (409, "roles")
