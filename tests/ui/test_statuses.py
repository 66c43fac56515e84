"""States: the closed table of the visual reference, and what is not in it."""

import pytest

from portal.ui.statuses import CHANGE, RECORD, status
from portal.ui.templatetags import portal


@pytest.mark.parametrize(
    ("css", "values"),
    [
        ("is-ok", "active completed Fulfilled success finished Allowed closed Verified registered"),
        (
            "is-info",
            "pending open progress Unfulfilled PrefulfillmentPending queued processing UnderReview registering trial",
        ),
        (
            "is-warn",
            "suspended attention_needed finished_with_errors partial_success pending_review PendingDeletion Unverified",
        ),
        ("is-bad", "expired disabled failed error NotAllowed po_review_rejected"),
        ("is-off", "deleted cancelled none inactive gone"),
    ],
)
def test_records_have_the_class_of_the_reference(css, values):
    for value in values.split():
        found = status(value)
        assert found.css == css, value
        assert value.lower() in RECORD


@pytest.mark.parametrize(
    ("value", "css", "word"),
    [
        ("succeeded", "is-ok", "Confirmed"),
        ("queued", "is-info", "Waiting"),
        ("awaiting_approval", "is-info", "Awaiting approval"),
        ("in_doubt", "is-warn", "In doubt"),
        ("failed", "is-bad", "Failed"),
        ("withheld", "is-off", "Withheld, read only"),
    ],
)
def test_changes_have_words_of_their_own(value, css, word):
    assert status(value, "change") == (css, word)


def test_every_state_of_a_command_is_known():
    states = "waiting awaiting_approval scheduled queued sending in_doubt succeeded failed cancelled withheld"
    assert set(states.split()) <= set(CHANGE)


def test_an_unknown_value_is_shown_verbatim_and_harmless():
    assert status("beingMoved") == ("is-off", "beingMoved")
    assert portal.status("<b>x</b>") == '<span class="st is-off">&lt;b&gt;x&lt;/b&gt;</span>'
    assert status(None).word == "–"
