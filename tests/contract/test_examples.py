"""What goes over the wire is what the documents show, and nothing of a documented answer is lost."""

import json
import re
from datetime import UTC, datetime
from typing import Any, is_typeddict

import httpx
import pytest

from portal.partnercenter.clouds import endpoints
from portal.partnercenter.errors import PartnerError, refusal
from portal.partnercenter.operations import LISTED, REGISTRY
from portal.partnercenter.operations.subscriptions import GET_SUBSCRIPTION, LIST_SUBSCRIPTIONS
from portal.partnercenter.resources.common import JsonArray
from portal.partnercenter.resources.names import canonical
from portal.partnercenter.resources.subscriptions import Subscription
from portal.partnercenter.spec import Cloud, Host, Method, Paging
from portal.partnercenter.testing import check_shape
from portal.partnercenter.transport import Transport
from portal.partnercenter.wire import Ask
from tests.contract.documents import (
    examples,
    load,
    lowered,
    matching,
    newer_examples,
    placeholders,
    tidy,
)


class OneToken:
    def get(self, *, user, graph=False, sales=False):
        return "app-user-token" if user else "app-token"

    def invalidate(self, token):
        raise AssertionError("no documented answer is a 401")


# Documented requests that no operation sends, and why.
OTHER_FORM = {
    # The page's own table says /v1/analytics/…, its example says /partner/v1/….
    "get-licenses-deployment-information": "/v1/analytics/commercial/deployment/license",
    "get-licenses-usage-information": "/v1/analytics/commercial/usage/license",
}
# The older form of invoice lines, whose path holds what the query says today.
OLD_LINES = re.compile(
    r"(?P<rest>/v1/invoices/[^/]+/lineitems)/(?P<provider>\w+)/(?P<kind>\w+)", re.IGNORECASE
)
# Examples that stand on the wrong page: this one asks for usage lines.
STRAYED = {
    "get-invoice-unbilled-recon-lineitems-3": "get-invoice-unbilled-consumption-lineitems",
}
# Query names that a page misprints or that belong to the older form in the path.
MISPRINTS = {"nvoicelineitemtype": "invoicelineitemtype"}


class Wire:
    """Answers with the documented answer and keeps what was asked."""

    def __init__(self, response):
        self.response = response or {"status": 200, "headers": {}, "body": {}}
        self.asked = None

    def __call__(self, request):
        self.asked = request
        status = self.response["status"] or 200
        body = self.response["body"]
        keep = ("MS-CorrelationId", "Location", "Retry-After", "Content-Type")
        headers = {k: v for k, v in self.response["headers"].items() if k in keep}
        content = b"" if body is None else json.dumps(body).encode()
        if isinstance(body, dict) and "$binary" in body:
            content = b"%PDF"
        return httpx.Response(status, headers=headers, content=content)


def transport(wire):
    return Transport(
        http=httpx.Client(transport=httpx.MockTransport(wire)),
        endpoints=endpoints(Cloud.PUBLIC),
        tokens=OneToken(),
        read_only=False,
        clock=lambda: datetime(2026, 11, 25, tzinfo=UTC),
    )


def case(path):
    document = load(path)
    request = document["request"]
    slug = STRAYED.get(path.stem, document["scenario"])
    query = {MISPRINTS.get(name, name): value for name, value in request["query"].items()}
    request["path"] = OTHER_FORM.get(slug, request["path"])
    if old := OLD_LINES.fullmatch(request["path"]):
        request["path"] = old["rest"]
        query = {"provider": old["provider"], "invoicelineitemtype": old["kind"], **query}
    found = matching(slug, request["method"], request["path"])
    return document, found, query


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.stem)
def test_a_documented_example(path):
    document, found, query = case(path)
    assert found, f"no operation is {document['request']['method']} {document['request']['path']}"
    operation, values = fitting(found, query)
    token = continuation(document, query)
    etag = document["request"]["headers"].get("If-Match")
    wire = Wire(document["response"])
    ask = Ask(path=values, query=query, body=document["request"]["body"], etag=etag, token=token)
    body, error = send(wire, operation, ask)
    assert_request(wire.asked, document["request"], operation, query, token)
    if document["response"] is not None:
        assert_answer(body, error, document["response"], operation)


def fitting(found, query):
    """Choose the operation whose declared query covers the documented one."""
    names = {name.lower() for name in query} - {"seekoperation", "seek_operation"}
    for operation, values in found:
        declared = {one.name.lower() for one in operation.query}
        constants = {one.name.lower(): one.constant for one in operation.query if one.constant}
        given = {name.lower(): value for name, value in query.items()}
        fits = all(given.get(n, c).lower() == c.lower() for n, c in constants.items())
        if names <= declared and fits:
            return operation, values
    raise AssertionError(f"no operation declares {sorted(names)}")


def continuation(document, query):
    """Take seekOperation out of the query: it goes out by itself with the token."""
    seek = [name for name in query if name.lower() == "seekoperation"]
    for name in seek:
        del query[name]
    headers = document["request"]["headers"]
    return headers.get("MS-ContinuationToken") or ("<token>" if seek else None)


def send(wire, operation, ask):
    try:
        return transport(wire).send(operation, ask).body, None
    except PartnerError as error:
        return None, error


def assert_request(asked, documented, operation, query, token):
    assert asked.method == documented["method"]
    assert asked.url.host == documented.get("host", "api.partnercenter.microsoft.com")
    assert asked.url.path.lower() == tidy(documented["path"]).lower()
    sent = {name.lower(): asked.url.params.get_list(name) for name in asked.url.params}
    expected = {n.lower(): v if isinstance(v, list) else [str(v)] for n, v in query.items()}
    for one in operation.query:
        if one.constant:
            expected.setdefault(one.name.lower(), [one.constant])
    if token is not None and operation.paging is Paging.CONTINUATION:
        expected["seekoperation"] = ["Next"]
    assert sent == expected
    assert_headers(asked.headers, documented, operation, token)
    body = documented["body"]
    assert (json.loads(asked.content) if asked.content else None) == body


def assert_headers(headers, documented, operation, token):
    user = "app-user-token" if operation.needs_user else "app-token"
    assert headers["Authorization"] == f"Bearer {user}"
    assert headers["Accept"] == "application/json"
    guid = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(guid, headers["MS-RequestId"])
    assert re.fullmatch(guid, headers["MS-CorrelationId"])
    assert headers["MS-RequestId"] != headers["MS-CorrelationId"]
    assert headers["MS-Contract-Version"] == "v1"
    assert headers["X-Locale"] == "en-US"
    if documented["body"] is not None:
        assert headers["Content-Type"] == "application/json"
    if "If-Match" in documented["headers"]:
        assert headers["If-Match"].strip('"') == documented["headers"]["If-Match"].strip('"')
    assert headers.get("MS-ContinuationToken") == token
    assert ("client-request-id" in headers) is (operation.host is Host.REFERRALS)


def assert_answer(body, error, documented, operation):
    status = documented["status"] or 200
    if status >= 400 and operation.method is not Method.HEAD:
        assert error is not None
        assert error.status == status
        if isinstance(documented["body"], dict):
            assert error.code == str(documented["body"]["code"])
            assert error.message == documented["body"]["description"]
        return
    assert error is None
    if operation.method is Method.HEAD:
        assert body is (status == 200)
    elif isinstance(documented["body"], dict) and "$binary" in documented["body"]:
        assert body == b"%PDF"
    elif documented["body"] is not None and operation.returns is not type(None):
        assert lowered(json.loads(json.dumps(body, default=float))) == lowered(documented["body"])


def test_every_documented_answer_of_a_typed_resource_fits_its_shape():
    typed = set()
    for path in examples():
        document, found, _ = case(path)
        response = document["response"]
        if not found or response is None or not isinstance(response["body"], dict):
            continue
        operation = found[0][0]
        if (response["status"] or 200) < 400 and is_typeddict(operation.returns):
            body = without_marks(response["body"])
            check_shape(canonical(body, operation.returns), operation.returns, path.stem)
            typed.add(operation.name)
    assert {"LIST_CUSTOMERS", "GET_CUSTOMER", "LIST_RELATIONSHIPS", "CHANGE_QUANTITY"} <= typed
    assert len(typed) > 60


def without_marks(value):
    """Drop the remark that a list was shortened."""
    if isinstance(value, dict):
        return {name: without_marks(content) for name, content in value.items()}
    if isinstance(value, list):
        return [
            without_marks(item) for item in value if item is None or "truncated_from" not in item
        ]
    return value


@pytest.mark.parametrize("path", newer_examples(), ids=lambda path: path.stem)
def test_newer_subscription_examples_fit_the_shape(path):
    document = load(path)
    request = document["request"]
    single = placeholders(GET_SUBSCRIPTION, request["path"].replace("<id-for-subscription", "x"))
    listing = placeholders(LIST_SUBSCRIPTIONS, request["path"])
    assert (single or listing) is not None, request["path"]
    if request["body"] is not None:
        check_shape(request["body"], Subscription, path.stem)
    response = document["response"] or {}
    body = response.get("body")
    if body is not None and "code" in body:
        assert refusal(400, body).code == str(body["code"])
    elif body is not None:
        operation = GET_SUBSCRIPTION if single else LIST_SUBSCRIPTIONS
        check_shape(body, operation.returns, path.stem)
        assert canonical(body, operation.returns).keys() == body.keys()


def test_pascal_case_answers_get_the_declared_names():
    document = load(next(path for path in examples() if path.stem == "suspend-a-subscription"))
    body = canonical(document["response"]["body"], Subscription)
    assert body["status"] == "suspended"
    assert body["attributes"]["etag"] == "<etag>"
    assert body["links"]["self"]["uri"].startswith("/subscriptions")
    assert lowered(body) == lowered(document["response"]["body"])


# Operations that no page shows in full, with what the newer facts say of them.
WITHOUT_EXAMPLE = {
    "LIST_QUALIFICATIONS": ("GET", "/v1/customers/c1/qualifications"),
    "ADD_QUALIFICATION": ("POST", "/v1/customers/c1/qualifications"),
    "RESET_PASSWORD": ("PATCH", "/v1/customers/c1/users/u1/resetpassword"),
    "UPDATE_SUPPORT_PROFILE": ("PUT", "/v1/profiles/support"),
    "LIST_DIRECTORY_ROLES": ("GET", "/v1/customers/c1/directoryroles"),
    "LIST_MEMBERS_OF_ROLE": ("GET", "/v1/customers/c1/directoryroles/r1/usermembers"),
}
IDS = {"customer_id": "c1", "user_id": "u1", "role_id": "r1"}


def test_every_operation_is_compared_with_an_example_or_stands_below():
    covered = set()
    for path in examples():
        covered |= {operation.name for operation, _ in case(path)[1]}
    assert LISTED - covered == set(WITHOUT_EXAMPLE)


@pytest.mark.parametrize("name", sorted(WITHOUT_EXAMPLE))
def test_an_operation_without_an_example(name):
    operation = REGISTRY[name]
    # What does not fit is asked for again, after a wait.
    body: Any = [] if operation.returns == JsonArray else {}
    wire = Wire({"status": 200, "headers": {}, "body": body})
    values = {one: IDS[one] for one in operation.path_names}
    send(wire, operation, Ask(path=values))
    asked: Any = wire.asked
    assert (asked.method, asked.url.path) == WITHOUT_EXAMPLE[name]
    assert not asked.url.query
