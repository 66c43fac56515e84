"""When a call goes out again, after how long, and under which id."""

from typing import Any

import httpx
import pytest

from portal.partnercenter.errors import (
    BadAnswer,
    Conflict,
    Forbidden,
    InvalidInput,
    NoAnswer,
    NotFound,
    PartnerError,
    PreconditionFailed,
    Throttled,
    TokenRefused,
    Unauthorized,
    Unreachable,
    UpstreamUnavailable,
)
from portal.partnercenter.operations.customers import GET_CUSTOMER
from portal.partnercenter.operations.subscriptions import CHANGE_QUANTITY
from portal.partnercenter.operations.utilities import VALIDATE_ADDRESS
from portal.partnercenter.retry import RetryPolicy
from portal.partnercenter.spec import Throttle
from tests.partnercenter.tools import Bench, Tokens, answer

GOOD = {"id": "c1"}
SUBSCRIPTION: dict[str, Any] = {"customer_id": "c1", "subscription_id": "s1"}
FAULTS = {
    "429": (answer({"statusCode": 429, "message": "Slow down"}, 429), Throttled),
    "500": (answer({"code": 800003, "description": "Oops"}, 500), UpstreamUnavailable),
    "502 html": (answer(b"<html>", 502, Content_Type="text/html"), UpstreamUnavailable),
    "503": (answer(None, 503), UpstreamUnavailable),
    "504": (answer(None, 504), UpstreamUnavailable),
    "409": (answer({"code": 900278, "description": "Busy"}, 409), Conflict),
    "reset": (httpx.ReadError("reset"), NoAnswer),
    "cut short": (httpx.RemoteProtocolError("incomplete body"), NoAnswer),
    "time-out": (httpx.ReadTimeout("slow"), NoAnswer),
    "refused": (httpx.ConnectError("refused"), Unreachable),
    "html": (answer(b"<html>", 200, Content_Type="text/html"), BadAnswer),
    "404 html": (answer(b"<html>", 404, Content_Type="text/html"), BadAnswer),
    "403 html": (answer(b"<html>", 403, Content_Type="text/html"), BadAnswer),
    "truncated": (answer(b'{"id": "c', 200), BadAnswer),
    "empty": (answer(None, 200), BadAnswer),
}
FINAL = {
    "400": (answer({"code": 800002, "description": "Bad"}, 400), InvalidInput),
    "403": (answer({"code": 2032, "description": "No"}, 403), Forbidden),
    "404": (answer({"code": 1000, "description": "Gone"}, 404), NotFound),
    "412": (answer({"code": 1, "description": "Stale"}, 412), PreconditionFailed),
    "2055": (answer({"code": 2055, "description": "Stale"}, 400), PreconditionFailed),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_read_is_repeated_after_a_passing_fault(name):
    bench = Bench(FAULTS[name][0], answer(GOOD))
    assert bench.client.call(GET_CUSTOMER, customer_id="c1") == GOOD
    assert len(bench.script.requests) == 2
    assert len(bench.sleeps) == 1


@pytest.mark.parametrize("name", FAULTS)
def test_a_read_gives_up_after_its_attempts(name):
    fault, kind = FAULTS[name]
    bench = Bench(*[fault] * 3, retry=RetryPolicy(attempts=3))
    with pytest.raises(kind):
        bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert len(bench.script.requests) == 3
    assert len(bench.sleeps) == 2


@pytest.mark.parametrize("name", FINAL)
def test_a_refusal_is_final(name):
    fault, kind = FINAL[name]
    bench = Bench(fault)
    with pytest.raises(kind) as caught:
        bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert bench.sleeps == []
    assert caught.value.answered
    assert not caught.value.transient


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"429", "refused"}))
def test_a_write_is_never_repeated_where_it_may_have_happened(name):
    fault, kind = FAULTS[name]
    bench = Bench(fault)
    with pytest.raises(kind) as caught:
        bench.client.call(CHANGE_QUANTITY, body={"quantity": 5}, **SUBSCRIPTION)
    assert len(bench.script.requests) == 1
    assert bench.sleeps == []
    assert caught.value.transient
    assert caught.value.answered is (kind is Conflict)


@pytest.mark.parametrize("name", ["429", "refused"])
def test_a_write_is_repeated_where_nothing_can_have_happened(name):
    bench = Bench(FAULTS[name][0], answer({"id": "s1"}))
    bench.client.call(CHANGE_QUANTITY, body={"quantity": 5}, **SUBSCRIPTION)
    assert len(bench.script.requests) == 2
    bodies = [request.content for request in bench.script.requests]
    assert bodies == [b'{"quantity":5}'] * 2


def test_a_reading_post_is_repeated():
    bench = Bench(httpx.ReadTimeout("slow"), answer({"status": "Verified"}))
    assert bench.client.call(VALIDATE_ADDRESS, body={"country": "US"}) == {"status": "Verified"}


@pytest.mark.parametrize("after", ["7", "60"])
def test_retry_after_is_never_undercut(after):
    bench = Bench(answer({"statusCode": 429}, 429, Retry_After=after), answer(GOOD))
    bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert float(after) <= bench.sleeps[0] < float(after) * 1.1
    assert bench.budget.penalties == [(Throttle.CUSTOMERS, float(after))]


def test_retry_after_as_a_date_and_in_the_text():
    late = answer({}, 429, Retry_After="Wed, 25 Nov 2026 12:00:30 GMT")
    said = answer({"statusCode": 429, "message": "Try again in 57 seconds."}, 429)
    bench = Bench(late, said, answer(GOOD))
    bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert 30 <= bench.sleeps[0] < 33
    assert 57 <= bench.sleeps[1] < 60


def test_a_wait_too_long_for_a_worker_ends_the_call():
    bench = Bench(answer({}, 429, Retry_After="600"))
    with pytest.raises(Throttled) as caught:
        bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert caught.value.retry_after == 600
    assert bench.sleeps == []
    assert bench.budget.penalties == [(Throttle.CUSTOMERS, 600.0)]


def test_waits_grow_and_stay_between_half_and_the_whole_step():
    bench = Bench(*[answer(None, 503)] * 5)
    with pytest.raises(UpstreamUnavailable):
        bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert len(bench.sleeps) == 4
    for pause, step in zip(bench.sleeps, (0.5, 1.0, 2.0, 4.0), strict=True):
        assert step / 2 <= pause <= step


def test_the_request_id_stays_without_an_answer_and_changes_after_one():
    bench = Bench(
        httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), answer(None, 503), answer(GOOD)
    )
    bench.client.call(GET_CUSTOMER, customer_id="c1")
    first, second, third, fourth = bench.script.header("MS-RequestId")
    assert first == second == third
    assert fourth != third
    assert len(set(bench.script.header("MS-CorrelationId"))) == 1


def test_each_call_has_ids_of_its_own():
    bench = Bench(answer(GOOD), answer(GOOD))
    bench.client.call(GET_CUSTOMER, customer_id="c1")
    bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert len(set(bench.script.header("MS-RequestId"))) == 2
    assert len(set(bench.script.header("MS-CorrelationId"))) == 2


def test_a_fixed_request_id_goes_out_unchanged_or_not_at_all():
    bench = Bench(httpx.ConnectError("refused"), answer({}, 429, Retry_After="1"))
    with pytest.raises(Throttled):
        bench.client.call(CHANGE_QUANTITY, body={}, request_id="fixed", **SUBSCRIPTION)
    assert bench.script.header("MS-RequestId") == ["fixed", "fixed"]


def test_a_refused_token_is_replaced_once():
    denied = answer({"code": 400, "description": "Access denied."}, 401)
    tokens = Tokens("old", "new", "newer")
    bench = Bench(denied, denied, tokens=tokens)
    with pytest.raises(Unauthorized):
        bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert bench.script.header("Authorization") == ["Bearer old", "Bearer new"]
    assert tokens.refused == ["old", "new"]
    assert bench.sleeps == [0.0]


def test_no_token_no_request():
    class Refused:
        def get(self, *, user, graph=False):
            raise TokenRefused("no", code="AADSTS7000215")

    bench = Bench(tokens=Refused())
    with pytest.raises(TokenRefused):
        bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert bench.script.requests == []


def test_a_budget_that_is_spent_ends_a_write_at_once():
    class SpentError(PartnerError):
        transient = True

    class Governor:
        def acquire(self, throttle, purpose):
            raise SpentError("later", retry_after=1.0)

        def penalise(self, throttle, retry_after):
            raise AssertionError("Partner Center has not complained")

    bench = Bench()
    object.__setattr__(bench.transport, "governor", Governor())
    with pytest.raises(SpentError):
        bench.client.call(CHANGE_QUANTITY, body={}, **SUBSCRIPTION)
    assert bench.script.requests == []


def test_every_attempt_asks_the_budget_with_class_and_purpose():
    bench = Bench(answer(None, 503), answer({"id": "s1"}), purpose="write")
    bench.client.call(GET_CUSTOMER, customer_id="c1")
    assert bench.budget.taken == [(Throttle.CUSTOMERS, "write")] * 2
