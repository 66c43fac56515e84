"""CSV: all that matches, nothing that a spreadsheet would run, never more than two at a time."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.access.models import User
from portal.ui import exports, shell
from portal.ui.exports import cell, file_name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+33 1 70 00", "'+33 1 70 00"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\n=x", "'\n=x"),
        ("＝1", "'＝1"),
        ("-12.50", "-12.50"),
        ("-12,5", "-12,5"),
        (-3, "-3"),
        (Decimal("-1.10"), "-1.10"),
        ("a=b", "a=b"),
        (None, ""),
        (True, "true"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 9, tzinfo=UTC), "2026-11-24T09:00:00+00:00"),
        ("-1-1", "'-1-1"),
    ],
)
def test_cells_are_never_formulas_and_numbers_stay_numbers(value, text):
    assert cell(value) == text


def _rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8")
    response.close()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_everything_that_matches_is_written_in_order(people, answer, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 7)
    rows = _rows(answer("/people/?theme=dark&sort=-email&export=csv&size=25"))
    heads = ["E-mail", "Name", "Last sign-in", "Theme", "Theme (code)", "Language"]
    assert rows[0] == heads  # hidden ones too, and the value where the page has words
    assert [row[0] for row in rows[1:]] == [f"p{n:03}@x.example" for n in range(119, 0, -2)]
    assert rows[1][1] == "Person 0"  # the value, not the HTML of the cell


def test_names_that_look_like_formulas_are_neutralised(people, answer):
    User.objects.create(email="evil@x.example", name='=HYPERLINK("http://x")')
    rows = _rows(answer("/people/?q=evil&export=csv"))
    assert rows[1][1] == '\'=HYPERLINK("http://x")'


def test_the_file_name_is_ours(people, answer):
    response = answer("/people/?export=csv")
    assert response["Content-Disposition"].startswith('attachment; filename="people-20')
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    response.close()
    assert "\r" not in file_name('a"\r\nx: y/../')


def test_the_third_export_at_once_waits(people, answer):
    first, second = answer("/people/?export=csv"), answer("/people/?export=csv")
    third = answer("/people/?export=csv")
    assert third.status_code == 503
    assert third["Retry-After"] == "30"
    first.close()  # without having been read: its reader went away
    first.close()
    fourth = answer("/people/?export=csv")
    assert fourth.status_code == 200
    assert answer("/people/?export=csv").status_code == 503
    fourth.close()
    second.close()


def test_the_scope_is_entered_for_every_piece(people, answer, monkeypatch):
    entered = []
    monkeypatch.setattr(exports, "CHUNK", 50)
    shell.set_reenter(lambda request: entered.append(request.path))
    response = answer("/people/?export=csv")
    assert entered == []
    assert len(_rows(response)) == 121
    assert entered == ["/people/"] * 4  # three pieces and the look for a fourth


def test_a_fault_in_the_middle_gives_the_place_back(people, answer):
    def fail(request):
        raise LookupError

    shell.set_reenter(fail)
    for _round in range(3):
        response = answer("/people/?export=csv")
        with pytest.raises(LookupError):
            list(response.streaming_content)
        response.close()
