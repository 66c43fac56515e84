"""Listings: every way of going on, resuming from a saved place, and never in a circle."""

import json
from typing import Any

import pytest

from portal.partnercenter.errors import BadAnswer, ForeignHost
from portal.partnercenter.operations.agreements import LIST_VALIDATION_CODES
from portal.partnercenter.operations.analytics import LIST_RESELLER_ANALYTICS
from portal.partnercenter.operations.customers import LIST_CUSTOMERS
from portal.partnercenter.operations.devices import LIST_DEVICES
from portal.partnercenter.operations.invoices import LIST_INVOICES
from portal.partnercenter.operations.referrals import LIST_REFERRALS
from portal.partnercenter.operations.subscriptions import LIST_SUBSCRIPTIONS
from portal.partnercenter.operations.usage import LIST_AZURE_UTILIZATION
from tests.partnercenter.tools import NOW, Bench, answer


def token_page(ids, token=None):
    body = {"totalCount": len(ids), "items": [{"id": one} for one in ids]}
    if token:
        header = {"key": "MS-ContinuationToken", "value": token}
        link = {"uri": "/customers?seekOperation=Next", "method": "GET", "headers": [header]}
        body["links"] = {"next": link}
    return answer(body)


def queries(bench):
    return [dict(request.url.params) for request in bench.script.requests]


def test_customers_go_on_with_a_token():
    bench = Bench(token_page("ab", "t1"), token_page("cd", "t2"), token_page("e"))
    pages = list(bench.client.pages(LIST_CUSTOMERS, query={"size": 2}))
    assert [item["id"] for page in pages for item in page.items] == list("abcde")
    assert queries(bench) == [
        {"size": "2"},
        {"size": "2", "seekOperation": "Next"},
        {"size": "2", "seekOperation": "Next"},
    ]
    assert bench.script.header("MS-ContinuationToken") == [None, "t1", "t2"]
    assert [page.next for page in pages] == [{"token": "t1"}, {"token": "t2"}, None]
    assert {page.observed_at for page in pages} == {NOW}


def test_a_token_in_the_body_alone_is_enough():
    first = answer({"items": [{"id": "a"}], "continuationToken": "t1"})
    bench = Bench(first, token_page("b"))
    assert len(list(bench.client.pages(LIST_CUSTOMERS))) == 2


def test_a_listing_resumes_from_a_saved_place():
    bench = Bench(token_page("ab", "t1"))
    saved = json.loads(json.dumps(next(bench.client.pages(LIST_CUSTOMERS)).next))
    other = Bench(token_page("c"))
    pages = list(other.client.pages(LIST_CUSTOMERS, start=saved))
    assert [item["id"] for page in pages for item in page.items] == ["c"]
    assert other.script.header("MS-ContinuationToken") == ["t1"]


def test_the_next_page_is_not_asked_for_before_this_one_is_used():
    bench = Bench(token_page("a", "t1"), token_page("b"))
    pages = bench.client.pages(LIST_CUSTOMERS)
    next(pages)
    assert len(bench.script.requests) == 1


def test_a_listing_that_leads_back_to_itself_ends_with_an_error():
    bench = Bench(token_page("a", "t1"), token_page("b", "t1"))
    pages = bench.client.pages(LIST_CUSTOMERS)
    next(pages)
    with pytest.raises(BadAnswer, match="does not move on"):
        next(pages)


def test_devices_use_the_header_alone():
    bench = Bench(answer({"items": [], "continuationToken": "t1"}), answer({"items": []}))
    ids: dict[str, Any] = {"customer_id": "c", "device_batch_id": "b"}
    list(bench.client.pages(LIST_DEVICES, **ids))
    assert queries(bench) == [{}, {}]
    assert bench.script.header("MS-ContinuationToken") == [None, "t1"]


def test_utilization_seeks_with_an_underscore():
    header = {"key": "MS-ContinuationToken", "value": "t1"}
    first = answer({"items": [], "links": {"next": {"uri": "x", "headers": [header]}}})
    bench = Bench(first, answer({"items": []}))
    window = {"start_time": "a", "end_time": "b"}
    list(
        bench.client.pages(
            LIST_AZURE_UTILIZATION, query=window, customer_id="c", subscription_id="s"
        )
    )
    assert queries(bench) == [window, {**window, "seek_operation": "Next"}]


def test_invoices_go_on_by_offset():
    link = {"next": {"uri": "/invoices?size=1&offset=1", "method": "GET", "headers": []}}
    bench = Bench(
        answer({"totalCount": 3, "items": [{}], "links": link}),
        answer({"totalCount": 3, "items": [{}]}),
        answer({"totalCount": 3, "items": [{}]}),
    )
    assert len(list(bench.client.pages(LIST_INVOICES, query={"size": 1}))) == 3
    assert [query.get("offset") for query in queries(bench)] == [None, "1", "2"]


@pytest.mark.parametrize("name", ["@nextLink", "@odata.nextLink", "nextLink"])
def test_links_of_analytics(name):
    path = "/partner/v1/analytics/indirectresellers?skip=1"
    bench = Bench(answer({"Value": [{"a": 1}], name: path}), answer({"Value": [{"a": 2}]}))
    pages = list(bench.client.pages(LIST_RESELLER_ANALYTICS))
    assert [item["a"] for page in pages for item in page.items] == [1, 2]
    assert bench.script.requests[1].url.raw_path.decode() == path


def test_referrals_follow_an_absolute_link_on_their_own_host_only():
    good = "https://api.partner.microsoft.com/v1.0/engagements/referrals?$skiptoken=1"
    bench = Bench(answer({"value": [], "@odata.nextLink": good}), answer({"value": []}))
    assert len(list(bench.client.pages(LIST_REFERRALS))) == 2
    evil = "https://api.partner.microsoft.com.evil.example/v1.0/x"
    bench = Bench(answer({"value": [], "@odata.nextLink": evil}))
    pages = bench.client.pages(LIST_REFERRALS)
    next(pages)
    with pytest.raises(ForeignHost):
        next(pages)
    assert len(bench.script.requests) == 1


def test_a_next_link_where_none_is_documented_loses_no_row():
    link = {"next": {"uri": "/customers/c/subscriptions?page=2"}}
    bench = Bench(answer({"items": [{"id": "a"}], "links": link}), answer({"items": [{"id": "b"}]}))
    pages = bench.client.pages(LIST_SUBSCRIPTIONS, customer_id="c")
    assert [item["id"] for page in pages for item in page.items] == ["a", "b"]


def test_a_bare_array_is_one_page():
    bench = Bench(answer([{"id": 1}]))
    assert [page.items for page in bench.client.pages(LIST_VALIDATION_CODES)] == [[{"id": 1}]]
