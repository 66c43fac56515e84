"""What the emulator refuses before it looks at any state, and what each answer carries."""

import pytest

from tests.emulator.tools import Api

TENANT = "7c1d3a52-9f4e-4b0a-8e21-5d6f0c2b9a10"


def test_every_answer_carries_its_ids_and_the_emulators_date(robot: Api) -> None:
    request_id = "b2d13828-2ca5-41d4-94fb-9946214f4244"
    correlation_id = "c49004b1-224f-4d86-a607-6c8bcc52cfdd"
    for url in ("/v1/customers", "/v1/nowhere"):
        reply = robot.get(
            url, MS_RequestId=request_id, MS_CorrelationId=correlation_id, X_Locale="fr-FR"
        )
        assert reply.headers["MS-RequestId"] == request_id
        assert reply.headers["MS-CorrelationId"] == correlation_id
        assert reply.headers["X-Locale"] == "fr-FR"
        assert reply.headers["Date"] == "Wed, 25 Nov 2026 12:00:00 GMT"
    bare = robot.get("/v1/customers")
    assert len(bare.headers["MS-RequestId"]) == len(bare.headers["MS-CorrelationId"]) == 36
    assert bare.headers["X-Locale"] == "en-US"


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("", 800001),
        ("Basic abc", 800001),
        ("Bearer ", 800001),
        ("Bearer garbage", 400),
        ("Bearer a.b", 400),
    ],
)
def test_a_call_without_a_good_token_is_refused(
    app: object, robot: Api, authorization: str, code: int
) -> None:
    reply = robot.get("/v1/customers", Authorization=authorization)
    assert (reply.status, reply.code) == (401, code)
    assert reply.headers["WWW-Authenticate"].startswith("OAuth realm=")


def test_a_refresh_token_is_no_access_token(robot: Api) -> None:
    refresh = robot.control("POST", "tokens", {"action": "issue"})["refresh_token"]
    assert robot.get("/v1/customers", Authorization=f"Bearer {refresh}").status == 401


def test_tokens_end_with_the_emulators_clock(robot: Api) -> None:
    assert robot.get("/v1/customers").status == 200
    robot.control("POST", "clock", {"advance_seconds": 3598})
    assert robot.get("/v1/customers").status == 200
    robot.control("POST", "clock", {"advance_seconds": 1})
    assert (robot.get("/v1/customers").status, robot.get("/v1/customers").code) == (401, 400)


def test_the_control_plane_ends_all_tokens_at_once(robot: Api) -> None:
    robot.control("POST", "tokens", {"action": "expire"})
    assert robot.get("/v1/customers").status == 401


def test_a_declared_operation_that_is_not_written_says_its_name(user: Api) -> None:
    reply = user.get("/v1/invoices/summaries")
    assert reply.status == 501
    assert "LIST_INVOICE_SUMMARIES" in reply.json["description"]
    assert user.call("POST", f"/v1/customers/{TENANT}/deviceBatches", {}).status == 501


def test_a_wrong_method_is_405_with_those_allowed(user: Api) -> None:
    reply = user.call("DELETE", "/v1/relationships")
    assert (reply.status, reply.code) == (405, 1000)
    assert reply.headers["Allow"] == "GET"


@pytest.mark.parametrize("body", [b"", b"{", b"[1,2]", b'"text"', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_400(robot: Api, body: bytes) -> None:
    customer = robot.customers()[1]
    one = robot.subscriptions(customer)[0]["id"]
    reply = robot.patch(f"/v1/customers/{customer}/subscriptions/{one}", body)
    assert (reply.status, reply.code) == (400, 800002)


def test_the_limit_a_minute_is_kept_for_each_class(robot: Api, user: Api) -> None:
    robot.control("POST", "manners", {"rpm": 3})
    customer = robot.control("GET", "dump")["customer_ids"][0]
    assert [robot.get("/v1/customers").status for _ in range(5)] == [200, 200, 200, 429, 429]
    limited = robot.get("/v1/customers")
    assert int(limited.headers["Retry-After"]) in range(55, 61)
    seconds = limited.headers["Retry-After"]
    assert limited.json == {
        "statusCode": 429,
        "message": f"Rate limit is exceeded. Try again in {seconds} seconds.",
    }
    assert robot.get(f"/v1/customers/{customer}/subscriptions").status == 200
    robot.control("POST", "clock", {"advance_seconds": 60})
    assert robot.get("/v1/customers").status == 200


def test_coverage_names_every_operation_of_the_table(robot: Api) -> None:
    covered = robot.control("GET", "coverage")
    assert len(covered) > 140
    assert covered["LIST_CUSTOMERS"] is True
    assert covered["LIST_INVOICE_SUMMARIES"] is False
