"""An entry keeps codes and field names; its reader sees words of their language."""

import pytest
from django.utils import translation

from portal.activity.models import Entry
from portal.dashboard.activity_log import wording

MODE = {"before": {"mode": "read_only"}, "after": {"mode": "live"}}


@pytest.mark.parametrize(
    ("language", "sentence", "row"),
    [
        ("en", "Mode changed from Read only to Live", ("Mode", "Read only", "Live")),
        (
            "fr",
            "Mode passé de «\u00a0Lecture seule\u00a0» à «\u00a0En service\u00a0»",
            ("Mode", "Lecture seule", "En service"),
        ),
    ],
)
def test_a_choice_is_said_by_its_label(language: str, sentence: str, row: tuple[str, ...]) -> None:
    entry = Entry(
        kind="connection.mode_changed",
        target_type="connection",
        parameters={"from": "read_only", "to": "live"},
        **MODE,
    )
    with translation.override(language):
        assert wording.what(entry) == sentence
        assert [tuple(map(str, line)) for line in wording.changes(entry)] == [row]


def test_a_code_that_is_no_choice_stays_as_it_is() -> None:
    entry = Entry(kind="membership.granted", parameters={"role": "emperor"})
    assert wording.what(entry) == "Role emperor granted"
    entry = Entry(kind="membership.granted", parameters={"role": ["sales"]})
    assert "sales" in wording.what(entry)


def test_a_field_is_said_by_its_label() -> None:
    entry = Entry(
        kind="connection.changed",
        target_type="connection",
        before={"login_url": "https://a.example", "left_since": 1},
        after={"login_url": "https://b.example", "left_since": 2},
    )
    with translation.override("fr"):
        assert [label for label, *_ in wording.changes(entry)] == [
            "Adresse de connexion",
            "Left since",
        ]


def test_every_part_of_the_log_has_a_word() -> None:
    with translation.override("en"):
        assert not [area for area, label in wording.areas() if area == str(label)]
