"""The closed table: each rule says why, and every documented code finds a class and a name."""

import pytest

from portal.partnercenter import errors
from portal.partnercenter.errors import RULES, PartnerError, meaning, read_body, refusal
from portal.reference.errors import CODES, KINDS, UNKNOWN, code_name, explain
from portal.reference.tables import rows

DOCUMENTED = [(int(row["status"]), row["code"]) for row in rows("error-codes")]


def test_no_rule_stands_twice_and_each_says_why():
    keys = [(rule.status, rule.code) for rule in RULES]
    assert len(keys) == len(set(keys))
    assert all(rule.reason for rule in RULES)


def test_rules_with_a_code_are_documented_codes():
    unknown = {(r.status, r.code) for r in RULES if r.code} - set(DOCUMENTED)
    assert unknown == set()


@pytest.mark.parametrize(("status", "code"), [pair for pair in DOCUMENTED if pair[0] >= 400])
def test_every_documented_code_has_a_class(status, code):
    error = refusal(status, {"code": int(code), "description": "d"})
    assert type(error) is not PartnerError
    assert error.code == code
    assert code_name(code, status)


def test_a_code_means_what_it_means_with_its_status_only():
    assert meaning(400, "2006") is errors.InvalidInput
    assert meaning(403, "2006") is errors.Forbidden
    assert meaning(400, "2055") is errors.PreconditionFailed
    assert meaning(404, "2055") is errors.NotFound


@pytest.mark.parametrize(
    ("status", "kind"),
    [(418, errors.InvalidInput), (507, errors.UpstreamUnavailable), (302, errors.BadAnswer)],
)
def test_statuses_outside_the_table(status, kind):
    assert meaning(status, None) is kind


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"code": 2055, "description": "x"}, ("2055", "x")),
        ({"Code": "2055", "Description": "x"}, ("2055", "x")),
        ({"statusCode": 429, "message": "x"}, (None, "x")),
        ({"error": {"code": "itemNotFound", "message": "x"}}, ("itemNotFound", "x")),
        ({}, (None, "")),
        (None, (None, "")),
        ([1], (None, "")),
    ],
)
def test_the_shapes_of_an_error_body(body, expected):
    assert read_body(body) == expected


def test_only_what_may_have_happened_is_unanswered():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    unanswered = {
        kind.__name__ for kind in kinds if issubclass(kind, PartnerError) and not kind.answered
    }
    assert unanswered == {"NoAnswer", "BadAnswer", "UpstreamUnavailable"}


def test_explanations():
    assert explain("900214", status=400) == CODES["900214"]
    assert explain("999999", status=400, kind="QuantityNotAllowed") == KINDS["QuantityNotAllowed"]
    assert explain(None, status=502) == KINDS["UpstreamUnavailable"]
    assert explain(None) == UNKNOWN
    assert set(KINDS) <= set(vars(errors))
