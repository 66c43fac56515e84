"""The rest of the pipeline: the guard, headers, reading, the log line, addresses."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.partnercenter import wire
from portal.partnercenter.clouds import CLOUDS, endpoints
from portal.partnercenter.errors import (
    BadAnswer,
    ForeignHost,
    NotReady,
    PermissionMissing,
    QuantityNotAllowed,
    ReadOnlyBlocked,
)
from portal.partnercenter.operations import REGISTRY
from portal.partnercenter.operations.customers import GET_CUSTOMER, LIST_CUSTOMERS
from portal.partnercenter.operations.invoices import GET_INVOICE_STATEMENT
from portal.partnercenter.operations.purchasing import ATTACH_PURCHASE_ORDER
from portal.partnercenter.operations.referrals import GET_REFERRAL
from portal.partnercenter.operations.subscriptions import CHANGE_QUANTITY, SUSPEND_SUBSCRIPTION
from portal.partnercenter.operations.usage import LIST_AZURE_UTILIZATION
from portal.partnercenter.operations.users import DELETE_USER, LIST_AVAILABLE_LICENSES_BY_GROUP
from portal.partnercenter.spec import Cloud, Effect, Host, Multipart, Part
from portal.partnercenter.transport import http_client
from portal.partnercenter.wire import Answer, Ask
from tests.partnercenter.tools import Bench, answer

SUBSCRIPTION: dict[str, Any] = {"customer_id": "c1", "subscription_id": "s1"}
WRITES = sorted(name for name, one in REGISTRY.items() if one.effect is Effect.WRITE)


@pytest.mark.parametrize("name", WRITES)
def test_read_only_stops_every_write_before_anything_is_asked(name):
    operation = REGISTRY[name]

    class NoTokens:
        def get(self, *, user, graph=False):
            raise AssertionError("a token was asked for")

    bench = Bench(read_only=True, tokens=NoTokens())
    ids: dict[str, Any] = dict.fromkeys(operation.path_names, "x")
    with pytest.raises(ReadOnlyBlocked) as caught:
        bench.client.call(operation, body={"quantity": 3}, **ids)
    assert bench.script.requests == []
    assert bench.budget.taken == []
    assert caught.value.operation == name
    assert caught.value.body == {"quantity": 3}
    assert "/v1" in caught.value.path
    assert "{" not in caught.value.path


def test_a_form_goes_out_with_its_files_and_its_bytes_are_not_kept_where_it_is_withheld():
    parts = (Part("metadata", b"{}"), Part("pofiles", b"%PDF-1.7", "po.pdf", "application/pdf"))
    ids: dict[str, Any] = {"customer_id": "c1", "order_id": "o1"}
    bench = Bench(answer({"items": []}, 201))
    bench.client.call(ATTACH_PURCHASE_ORDER, body=Multipart(parts), request_id="r1", **ids)
    (sent,) = bench.script.requests
    assert sent.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    content = sent.read()
    assert b'name="metadata"\r\n' in content
    assert b'name="pofiles"; filename="po.pdf"\r\nContent-Type: application/pdf' in content
    assert b"%PDF-1.7" in content
    with pytest.raises(ReadOnlyBlocked) as caught:
        Bench(read_only=True).client.call(ATTACH_PURCHASE_ORDER, body=Multipart(parts), **ids)
    assert [one["size"] for one in caught.value.body] == [2, 8]
    assert "PDF" not in str(caught.value.body)


def test_read_only_lets_reads_pass():
    bench = Bench(answer({"id": "c1"}), read_only=True)
    assert bench.client.call(GET_CUSTOMER, customer_id="c1") == {"id": "c1"}


def test_a_transport_is_read_only_unless_told_otherwise():
    assert Bench().transport.__dataclass_fields__["read_only"].default is True


def test_a_byte_order_mark_and_exact_amounts():
    body = b'\xef\xbb\xbf{"id": "c1", "amount": 12345678901234567.89, "count": 3}'
    bench = Bench(answer(body))
    got = bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert got == {"id": "c1", "amount": Decimal("12345678901234567.89"), "count": 3}
    assert [type(value) for value in got.values()] == [str, Decimal, int]


def test_amounts_go_out_as_they_came_in():
    bench = Bench(answer({"id": "s1"}))
    bench.client.call(CHANGE_QUANTITY, body={"amount": Decimal("0.10")}, **SUBSCRIPTION)
    assert bench.script.requests[0].content == b'{"amount":0.10}'


def test_unknown_fields_and_values_are_kept():
    body = {"id": "c1", "Weird": {"A": 1}, "relationshipToPartner": "never_seen"}
    bench = Bench(answer(body))
    assert bench.client.call(GET_CUSTOMER, customer_id="c1") == body


@pytest.mark.parametrize(
    "body", [b"[1, 2]", b'"text"', b"null", b"{", b"[" * 100_000, b"<!doctype html>", b"\xff\xfe"]
)
def test_what_is_not_the_declared_json_is_refused(body):
    bench = Bench(*[answer(body)] * 5)
    with pytest.raises(BadAnswer) as caught:
        bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert caught.value.status == 200


def test_html_is_no_answer_even_where_no_body_is_due():
    page = answer(b"<html>Sign in to the network</html>", Content_Type="text/html; charset=utf-8")
    for operation in (DELETE_USER, GET_INVOICE_STATEMENT):
        bench = Bench(*[page] * 5)
        with pytest.raises(BadAnswer):
            bench.transport.send(operation, Ask(path=dict.fromkeys(operation.path_names, "x")))


def test_a_redirect_is_not_followed():
    bench = Bench(*[answer(None, 302, Location="https://elsewhere.example/")] * 5)
    with pytest.raises(BadAnswer):
        bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert {request.url.host for request in bench.script.requests} == {
        "api.partnercenter.microsoft.com"
    }


def test_an_accepted_write_answers_empty():
    bench = Bench(answer(None, 202, Location="/customers/c1/subscriptions/s1"))
    seen: list[Answer] = []
    client = bench.client.observed(seen.append)
    assert client.call(CHANGE_QUANTITY, body={}, **SUBSCRIPTION) == {}
    assert seen[0].status == 202
    assert seen[0].location == "/customers/c1/subscriptions/s1"
    assert seen[0].correlation_id == bench.script.header("MS-CorrelationId")[0]


def test_data_that_are_not_ready():
    bench = Bench(*[answer(None, 204, Retry_After="200")] * 2)
    window = {"start_time": "a", "end_time": "b"}
    with pytest.raises(NotReady) as caught:
        bench.client.call(LIST_AZURE_UTILIZATION, query=window, **SUBSCRIPTION)
    assert caught.value.retry_after == 200


def test_errors_carry_what_people_need_to_ask_microsoft():
    refused = answer(
        {"code": 900214, "description": "Not now", "data": [], "source": "PartnerFD"},
        400,
        MS_CorrelationId="theirs",
    )
    bench = Bench(refused)
    with pytest.raises(QuantityNotAllowed) as caught:
        bench.client.call(CHANGE_QUANTITY, body={}, request_id="mine", **SUBSCRIPTION)
    error = caught.value
    assert (error.status, error.code, error.message) == (400, "900214", "Not now")
    assert (error.correlation_id, error.request_id) == ("theirs", "mine")
    assert error.operation == "CHANGE_QUANTITY"
    assert "PartnerFD" in error.raw
    assert str(error) == "QuantityNotAllowed 400 900214: Not now (correlation theirs)"


def test_a_missing_role_is_told_apart():
    bench = Bench(answer({"code": 900308, "description": "No GDAP"}, 403))
    with pytest.raises(PermissionMissing):
        bench.client.call(GET_CUSTOMER, customer_id="c1")


def test_the_etag_is_sent_in_quotes_once():
    bench = Bench(answer({"id": "s1"}), answer({"id": "s1"}))
    bench.client.call(SUSPEND_SUBSCRIPTION, body={}, etag="abc", **SUBSCRIPTION)
    bench.client.call(SUSPEND_SUBSCRIPTION, body={}, etag='"abc"', **SUBSCRIPTION)
    assert bench.script.header("If-Match") == ['"abc"', '"abc"']


def test_the_clock_of_partner_center_is_reported():
    bench = Bench(answer({"id": "c1"}, Date="Wed, 25 Nov 2026 12:10:00 GMT"))
    bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert bench.offsets == [timedelta(minutes=10)]


def test_one_log_line_a_request_and_no_secret(caplog):
    caplog.set_level(logging.DEBUG, "portal.partnercenter")
    bench = Bench(answer(None, 503), answer({"items": []}))
    bench.client.call(LIST_CUSTOMERS, query={"filter": {"Value": "private-name"}})
    assert len(caplog.records) == 2
    text = caplog.text
    assert "LIST_CUSTOMERS GET /v1/customers: 503 UpstreamUnavailable" in text
    assert bench.script.header("MS-CorrelationId")[0] in text
    assert "canary" not in text
    assert "private-name" not in text


def test_an_id_cannot_break_out_of_the_path_or_the_log(caplog):
    caplog.set_level(logging.INFO, "portal.partnercenter")
    bench = Bench(answer({"id": "x"}))
    bench.client.call(GET_CUSTOMER, customer_id="a/../b?c=d#e\r\nf")
    assert bench.script.requests[0].url.raw_path == b"/v1/customers/a%2F..%2Fb%3Fc%3Dd%23e%0D%0Af"
    assert "\r" not in caplog.records[0].getMessage()
    for bad in ("", ".", ".."):
        with pytest.raises(ValueError, match="customer_id"):
            bench.client.call(GET_CUSTOMER, customer_id=bad)


def test_what_an_operation_does_not_declare_is_a_mistake_of_ours():
    bench = Bench()
    with pytest.raises(TypeError, match="customer_id"):
        bench.client.call(GET_CUSTOMER)
    with pytest.raises(TypeError, match="colour"):
        bench.client.call(LIST_CUSTOMERS, query={"colour": "red"})
    with pytest.raises(TypeError, match="filter"):
        bench.client.call(REGISTRY["SEARCH_CUSTOMERS"])
    assert bench.script.requests == []


def test_query_values():
    bench = Bench(answer({"items": []}), answer({"items": []}))
    search = {"Field": "CompanyName", "Value": "A&B é", "Operator": "starts_with"}
    bench.client.call(LIST_CUSTOMERS, query={"filter": search, "size": None})
    assert bench.script.requests[0].url.query == (
        b"filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22A%26B%20%C3%A9%22%2C"
        b"%22Operator%22%3A%22starts_with%22%7D"
    )
    groups = {"licenseGroupIds": ["Group1", "Group2"]}
    bench.client.call(LIST_AVAILABLE_LICENSES_BY_GROUP, query=groups, customer_id="c1")
    assert bench.script.requests[1].url.query == b"licenseGroupIds=Group1&licenseGroupIds=Group2"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/customers?size=5", "https://api.example/v1/customers?size=5"),
        ("customers?size=5", "https://api.example/v1/customers?size=5"),
        ("/v1/customers", "https://api.example/v1/customers"),
        ("https://api.example/v1/x?y=1", "https://api.example/v1/x?y=1"),
        ("/partner/v1/analytics?skip=1", "https://api.example/partner/v1/analytics?skip=1"),
    ],
)
def test_a_link_stays_at_home(link, expected):
    assert wire.follow(link, "https://api.example") == expected


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1/customers",
        "http://api.example/v1/customers",
        "https://api.example:444/v1/customers",
        "https://api.example@evil.example/v1/customers",
        "//evil.example/v1/customers",
        "file:///etc/passwd",
    ],
)
def test_a_foreign_link_is_not_followed(link):
    with pytest.raises(ForeignHost):
        wire.follow(link, "https://api.example")


def test_hosts_of_a_connection():
    home = endpoints(Cloud.CHINA)
    assert home.base(Host.API) == "https://partner.partnercenterapi.microsoftonline.cn"
    assert home.login_host == "login.chinacloudapi.cn"
    assert CLOUDS[Cloud.CHINA].scope == f"{home.api}/.default"
    assert CLOUDS[Cloud.PUBLIC].scope == "https://api.partnercenter.microsoft.com/.default"
    bed = endpoints(Cloud.PUBLIC, api="http://127.0.0.1:9000/")
    assert bed.referrals == bed.api == "http://127.0.0.1:9000"
    assert endpoints(Cloud.PUBLIC).referrals == "https://api.partner.microsoft.com"
    assert CLOUDS[Cloud.GERMANY].closed == 2021


def test_a_test_bed_keeps_the_token_of_every_kind_of_call():
    bench = Bench(answer({"id": "r"}), api="http://127.0.0.1:9000")
    bench.client.call(GET_REFERRAL, referral_id="r")
    assert bench.script.requests[0].url.host == "127.0.0.1"
    assert bench.script.header("client-request-id") == bench.script.header("MS-RequestId")


def test_the_http_client_is_bounded_and_follows_nothing():
    with http_client(timeout=5) as http:
        pool: Any = http._transport
        assert http.follow_redirects is False
        assert http.timeout.read == 5
        assert pool._pool._max_connections == 16


def test_an_ask_defaults_to_nothing():
    assert (Ask().query, Ask().body, Ask().token) == ({}, None, None)
