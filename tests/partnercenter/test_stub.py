"""The stub refuses what the real call or the real answer would not hold."""

from typing import Any

import pytest

from portal.partnercenter.errors import NotFound, ReadOnlyBlocked
from portal.partnercenter.operations.customers import GET_CUSTOMER, LIST_CUSTOMERS
from portal.partnercenter.operations.subscriptions import CHANGE_QUANTITY
from portal.partnercenter.testing import StubPartner


def test_calls_in_order_get_their_answers():
    with StubPartner() as stub:
        stub.expect(GET_CUSTOMER, {"id": "c1"}, customer_id="c1")
        stub.expect(LIST_CUSTOMERS, {"items": [{"id": "a"}], "continuationToken": "t"})
        stub.expect(LIST_CUSTOMERS, {"items": [{"id": "b"}]}, token="t")
        assert stub.client.call(GET_CUSTOMER, customer_id="c1") == {"id": "c1"}
        pages = list(stub.client.pages(LIST_CUSTOMERS))
        assert [page.items[0]["id"] for page in pages] == ["a", "b"]
    assert [operation.name for operation, _ in stub.asked] == [
        "GET_CUSTOMER",
        "LIST_CUSTOMERS",
        "LIST_CUSTOMERS",
    ]


@pytest.mark.parametrize(
    "answer",
    [{"colour": "red"}, {"companyProfile": {"colour": "red"}}, {"companyProfile": "text"}],
)
def test_an_answer_outside_the_shape_is_refused(answer):
    with pytest.raises(AssertionError):
        StubPartner().expect(GET_CUSTOMER, answer, customer_id="c1")


def test_calls_outside_the_declaration_are_refused():
    with pytest.raises(AssertionError, match="colour"):
        StubPartner().expect(LIST_CUSTOMERS, {"items": []}, query={"colour": "red"})
    with pytest.raises(AssertionError, match="customer_id"):
        StubPartner().expect(GET_CUSTOMER, {})
    stub = StubPartner()
    stub.expect(CHANGE_QUANTITY, {"id": "s"}, customer_id="c", subscription_id="s")
    with pytest.raises(AssertionError, match="no field seats"):
        stub.client.call(CHANGE_QUANTITY, body={"seats": 3}, customer_id="c", subscription_id="s")


def test_another_call_another_body_or_none_at_all():
    stub = StubPartner()
    ids: dict[str, Any] = {"customer_id": "c", "subscription_id": "s"}
    stub.expect(CHANGE_QUANTITY, {"id": "s"}, body={"quantity": 3}, **ids)
    with pytest.raises(AssertionError, match="body"):
        stub.client.call(CHANGE_QUANTITY, body={"quantity": 4}, **ids)
    with pytest.raises(AssertionError, match="nothing more"):
        stub.client.call(CHANGE_QUANTITY, body={"quantity": 3}, **ids)
    stub.expect(GET_CUSTOMER, {"id": "c"}, customer_id="c")
    with pytest.raises(AssertionError, match="never asked"):
        stub.done()
    with pytest.raises(AssertionError, match="path"):
        stub.client.call(GET_CUSTOMER, customer_id="d")


def test_errors_and_read_only():
    stub = StubPartner()
    stub.expect(GET_CUSTOMER, NotFound("gone", code="1000"), customer_id="c")
    with pytest.raises(NotFound, match="gone"):
        stub.client.call(GET_CUSTOMER, customer_id="c")
    blocked = StubPartner(read_only=True)
    with pytest.raises(ReadOnlyBlocked) as caught:
        blocked.client.call(
            CHANGE_QUANTITY, body={"quantity": 1}, customer_id="c", subscription_id="s"
        )
    assert caught.value.body == {"quantity": 1}
    assert blocked.asked == []
