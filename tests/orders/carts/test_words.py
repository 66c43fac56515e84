"""Every error code of the facts reaches the user in words of ours, in both languages, with code and correlation id beside."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from customers.models import Customer
from orders.carts import contents, problems
from orders.templatetags.carts import PROBLEMS
from orders.to_new_commerce import asking as migrating
from orders.upgrades import kinds, targets
from portal.access.models import User
from portal.outbox import wording
from portal.outbox.api import ChangeSerializer
from portal.outbox.failures import Failure, Kind
from portal.outbox.states import State
from portal.partnercenter.errors import PartnerError
from portal.partnercenter.operations.carts import CREATE_CART_WITH_ADDONS
from portal.partnercenter.operations.subscriptions import GET_SUBSCRIPTION
from portal.reference.errors import CODES, KINDS, STATUSES, UNKNOWN
from portal.ui import upstream as refused
from tests.customers.users.conftest import Upstream, deliver
from tests.orders.carts.conftest import filled
from tests.orders.carts.test_checkout import asked
from tests.people import Estate, make_change, make_person, make_subscription

ClientOf = Callable[[User], Client]
FACTS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "error_codes.json").read_text(encoding="utf-8")
)
DOUBT = "Whether Partner Center made the change is not known yet."
SAID = "Something in English only."
GENERAL = {*KINDS.values(), *STATUSES.values(), UNKNOWN}


def test_every_code_of_a_refused_call_is_told_in_words_on_its_page_and_by_the_api(
    estate: Estate, upstream: Upstream
) -> None:
    """Each code is answered by the emulator; what the client makes of it is kept on a change and read by people."""
    sold = make_subscription(estate.of_fabrikam, estate.fabrikam, "E1")
    command = make_change(sold, make_person("sella", "sales", estate.connection, estate.fabrikam))
    english: dict[str, set[str]] = {}
    for code, status in FACTS["codes"].items():
        body = {"code": int(code), "description": SAID, "data": [], "source": "PartnerFD"}
        upstream.fault(GET_SUBSCRIPTION.name, "status", status=max(status, 400), body=body)
        with pytest.raises(PartnerError) as caught:
            upstream.client.call(
                GET_SUBSCRIPTION, customer_id="a", subscription_id="b", request_id="c"
            )
        error = caught.value
        assert error.code == code
        assert error.correlation_id
        # After a 5xx nobody knows whether a change was made; that is what people must read first.
        command.state = State.FAILED if error.answered else State.IN_DOUBT
        kind = None if error.answered else Kind.NO_ANSWER
        command.error = Failure.of(error, kind).as_json()
        for language in ("en", "fr"):
            with translation.override(language):
                told = gettext(CODES[code])
                page = render_to_string(
                    "outbox/_problem.html",
                    {"command": command, "problem": wording.problem(command)},
                )
                answer = ChangeSerializer(command).data
                first = told if error.answered else gettext(DOUBT)
                assert escape(first) in page, code
                assert f"{code}" in page
                assert error.correlation_id in page
                assert first in answer["problem"]
                assert answer["error"]["correlation_id"] == error.correlation_id
                question = {
                    "code": code,
                    "kind": type(error).__name__,
                    "status": error.status,
                    "message": SAID,
                    "correlation_id": error.correlation_id,
                }
                shown = refused.refused(question)
                assert (shown.text, shown.code) == (told, code)
                english.setdefault(code, set()).add(told)
    assert all(len(told) == 2 for told in english.values()), "one is not translated"
    assert not {code for code in FACTS["codes"] if CODES[code] in GENERAL - {CODES["900192"]}}


def test_every_code_of_a_cart_is_told_in_words_at_its_line(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream
) -> None:
    client, cart = client_of(seller), filled(seller, buyer)
    first = contents.lines(cart)[0]
    codes = FACTS["cart"]
    for place in range(3, len(codes)):
        first.pk, first.position = None, place
        first.save()
    lines = [
        {"id": place, "error": {"errorCode": code, "errorDescription": SAID}}
        for place, code in enumerate(codes)
    ]
    body = {"id": "c-1", "lineItems": lines, "expirationTimestamp": "2030-01-01T00:00:00Z"}
    upstream.fault(CREATE_CART_WITH_ADDONS.name, "status", status=201, body=body)
    command = deliver(asked(client, cart, attested="on"))
    assert command.state == State.FAILED
    told = {line.error_code: line.error_correlation_id for line in contents.lines(cart)}
    assert set(told) == set(codes)
    assert all(told.values())
    api = client.get(f"/api/v1/carts/{cart.pk}/").json()["lines"]
    seen: set[str] = set()
    for language in ("en", "fr"):
        seller.language = language
        seller.save()
        page = client.get(cart.get_absolute_url()).content.decode()
        with translation.override(language):
            for code in codes:
                words = problems.words(code)
                assert escape(words) in page, code
                assert code in page
                assert told[code] in page
                seen.add(words)
    assert len(seen) == 2 * len(codes)
    assert {line["error_code"]: bool(line["problem"]) for line in api} == dict.fromkeys(codes, True)
    assert {line["error_correlation_id"] for line in api} == set(told.values())
    translation.activate("en")
    for spelt in ("QuotaNotAvailable", "10002", "quota_not_available"):
        assert problems.words(spelt) == problems.words("quota_not_available")
    assert problems.words("800073") == CODES["800073"]
    assert problems.words("something_new") == "Partner Center refused this line."


def test_reasons_that_stand_inside_an_answer_have_words_too() -> None:
    assert {one.lower() for one in FACTS["promotion"]} == set(PROBLEMS)
    assert {int(code) for code in FACTS["transition"]} == set(targets.REASONS)
    row = {"isEligible": False, "upgradeErrors": [{"code": 3, "description": SAID}]}
    (target,) = targets.read(kinds.OFFER, [row])
    assert target.errors == [str(targets.CONFLICT)]
    row["upgradeErrors"] = [{"code": 99, "description": SAID}]
    (target,) = targets.read(kinds.OFFER, [row])
    assert target.errors == [f"Partner Center bars it: {SAID}"]
    assert (
        migrating._reason({"code": 5}) == "There is no product of new commerce for this offer yet."
    )
    assert migrating._reason({"code": 7, "description": SAID}).startswith("Partner Center bars it")
