"""The webhook calls go over the wire as the page of webhooks shows them."""

import json

import httpx
import pytest

from portal.partnercenter.operations.webhooks import PAGE
from portal.partnercenter.testing import check_shape
from portal.partnercenter.wire import Ask
from tests.contract.documents import DATA, lowered, matching
from tests.contract.test_examples import transport

EXAMPLES = json.loads((DATA / "webhooks.json").read_text())["api_examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one['request']['method']}")
def test_a_documented_call(example):
    request, response = example["request"], example["response"]
    ((operation, values),) = matching(PAGE, request["method"], request["path"])
    asked: list[httpx.Request] = []

    def answer(one: httpx.Request) -> httpx.Response:
        asked.append(one)
        return httpx.Response(response["status"], json=response["body"])

    body = transport(answer).send(operation, Ask(path=values, body=request["body"])).body
    assert (asked[0].method, asked[0].url.path) == (request["method"], request["path"])
    assert asked[0].url.host == "api.partnercenter.microsoft.com"
    assert (json.loads(asked[0].content) if asked[0].content else None) == request["body"]
    assert lowered(body) == lowered(response["body"])
    if isinstance(body, dict):
        check_shape(body, operation.returns, operation.name)


def test_every_webhook_call_has_its_example():
    assert len(EXAMPLES) == 6
