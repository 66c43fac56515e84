"""The operation table says what Microsoft's pages say: all 146 calls, each fact of each."""

import pytest

from portal.partnercenter.operations import BEYOND, FAMILIES, LISTED, REGISTRY, by_scenario
from portal.partnercenter.spec import Auth, Cloud, Effect, Host, Method, Paging
from tests.contract.documents import scenarios

# Where newer facts overrule the page of 2021: slug -> (method, path) that the client uses first.
TODAY = {
    "get-a-customer-s-qualification": ("GET", "/v1/customers/{customer_id}/qualifications"),
    "update-a-customer-s-qualification": ("POST", "/v1/customers/{customer_id}/qualifications"),
    "reset-user-password-for-a-customer": (
        "PATCH",
        "/v1/customers/{customer_id}/users/{user_id}/resetpassword",
    ),
    "update-support-profile": ("PUT", "/v1/profiles/support"),
    "get-invoice-unbilled-recon-lineitems": ("GET", "/v1/invoices/unbilled/lineitems"),
}
SLUGS = sorted(scenarios())


def test_all_documented_calls_are_there_and_no_other():
    assert len(SLUGS) == 146
    assert {REGISTRY[name].scenario for name in LISTED} == set(SLUGS)


def test_what_stands_beyond_the_list_belongs_to_no_scenario_of_it():
    beyond = {operation.scenario for name, operation in REGISTRY.items() if name not in LISTED}
    assert beyond
    assert not beyond & set(SLUGS)


def test_a_name_is_the_name_of_its_constant():
    for family in (*FAMILIES, *BEYOND):
        for name, operation in vars(family).items():
            if name in REGISTRY:
                assert operation.name == name
                assert REGISTRY[name] is operation
    declared = sum(name in REGISTRY for family in (*FAMILIES, *BEYOND) for name in vars(family))
    assert declared == len(REGISTRY)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_first_operation_is_the_documented_call(slug):
    row = scenarios()[slug]
    first = by_scenario(slug)[0]
    expected = TODAY.get(slug, (row["method"], row["path"]))
    assert (first.method, first.path) == expected


@pytest.mark.parametrize("slug", sorted(TODAY))
def test_an_overruled_page_keeps_its_own_form_unless_it_is_the_same_place(slug):
    row = scenarios()[slug]
    forms = {(operation.method, operation.path) for operation in by_scenario(slug)}
    if slug != "get-invoice-unbilled-recon-lineitems":  # there the id is the word "unbilled"
        assert (row["method"], row["path"]) in forms


@pytest.mark.parametrize("slug", SLUGS)
def test_credentials_clouds_and_gaps_are_the_documented_ones(slug):
    row = scenarios()[slug]
    app_too = not row["auth"] or "app" in row["auth"]
    for operation in by_scenario(slug):
        assert operation.needs_user is not app_too
        assert operation.auth >= {Auth.APP_USER}
        assert operation.clouds == {Cloud(name) for name in row["clouds"]}
        assert operation.national_gaps == row["national_gaps"]


def test_seventy_four_calls_accept_a_user_only():
    assert sum(by_scenario(slug)[0].needs_user for slug in SLUGS) == 74


@pytest.mark.parametrize("slug", SLUGS)
def test_effects_are_the_documented_ones(slug):
    row = scenarios()[slug]
    stated = {(call["method"], call["effect"]) for call in row["requests"] if call["effect"]}
    for operation in by_scenario(slug):
        expected = {effect for method, effect in stated if method == operation.method}
        assert operation.effect == (expected.pop() if expected else row["effect"])


def test_nothing_but_get_head_four_checks_and_a_test_event_reads():
    reads = {operation.name for operation in REGISTRY.values() if operation.effect is Effect.READ}
    odd = {name for name in reads if REGISTRY[name].method not in (Method.GET, Method.HEAD)}
    assert odd == {
        "CHECK_INVENTORY",
        "SEND_WEBHOOK_TEST",
        "VALIDATE_ADDRESS",
        "VALIDATE_MIGRATION",
        "VERIFY_PROMOTIONS",
    }
    assert all(REGISTRY[n].method is not Method.GET for n in set(REGISTRY) - reads)


@pytest.mark.parametrize("slug", SLUGS)
def test_query_names_headers_hosts_and_success_are_covered(slug):
    row = scenarios()[slug]
    operations = by_scenario(slug)
    names = {query.name.lower() for operation in operations for query in operation.query}
    # seekOperation belongs to paging: it goes out with a continuation token and never alone.
    assert {name.lower() for name in row["query"]} - {"seekoperation"} <= names
    if "seekOperation" in row["query"]:
        assert Paging.CONTINUATION in {operation.paging for operation in operations}
    for operation in operations:
        assert operation.etag is row["etag"]
        assert (operation.host is Host.REFERRALS) is (row["host"] == "api.partner.microsoft.com")
        assert set(row["headers"]) & {"X-Locale", "client-request-id"} <= set(operation.headers)
    assert set(row["success"]) <= set(operations[-1].success) | set(operations[0].success)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_withdrawn_call_says_so(slug):
    row = scenarios()[slug]
    documented = [o for o in by_scenario(slug) if slug not in TODAY or o.path == row["path"]]
    assert all(operation.retired == row["retired"] for operation in documented)


def test_listings_that_the_sdk_pages_go_on_with_a_token():
    for name in (
        "LIST_CUSTOMERS",
        "LIST_CUSTOMERS_OF_RESELLER",
        "LIST_USERS",
        "LIST_AUDIT_RECORDS",
    ):
        assert REGISTRY[name].paging is Paging.CONTINUATION
    assert REGISTRY["LIST_DEVICES"].paging is Paging.HEADER
    assert REGISTRY["LIST_AZURE_UTILIZATION"].paging is Paging.SEEK
