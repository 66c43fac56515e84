"""A table from any spreadsheet: encodings, separators, heads, and mistakes told by line and column."""

import codecs
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from portal.lists.intake import reading
from portal.lists.intake.columns import Column, template
from portal.lists.intake.decoding import FileRefusedError


def whole(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"“{text}” is no number.")
    return int(text)


COLUMNS = (
    Column("number", "Number", whole, unique=True),
    Column("name", gettext_lazy("Name")),
    Column("note", "Note", required=False),
)


def read(text: str, encoding: str = "utf-8") -> reading.Reading:
    return reading.read([text.encode(encoding)], COLUMNS)


def refused(data: bytes) -> str:
    with pytest.raises(FileRefusedError) as found:
        reading.read([data], COLUMNS)
    return found.value.code


def values(found: reading.Reading) -> list[dict[str, Any]]:
    return [row.values for row in found.rows]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_that_spreadsheets_write(encoding: str, told: str) -> None:
    found = read("number,name\n1,Société – œuvre €\n", encoding)
    assert found.encoding == told
    assert values(found) == [{"number": 1, "name": "Société – œuvre €", "note": None}]


def test_utf_16_of_the_other_end() -> None:
    data = codecs.BOM_UTF16_BE + "number,name\n1,é\n".encode("utf-16-be")
    assert values(reading.read([data], COLUMNS))[0]["name"] == "é"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(separator: str) -> None:
    text = f'number{separator}name\n1{separator}"a, b; c\td"\n'
    found = read(text)
    assert found.separator == separator
    assert found.rows[0].values["name"] == "a, b; c\td"


def test_a_piece_may_end_in_the_middle_of_a_letter() -> None:
    data = "number,name\n1,é\n".encode()
    found = reading.read([data[:15], data[15:]], COLUMNS)
    assert found.rows[0].values["name"] == "é"


def test_heads_in_either_language_and_any_case() -> None:
    with translation.override("fr"):
        french = str(COLUMNS[1].label)
    assert french == "Nom"
    for head in ("NAME", " nom ", "Nom", "name"):
        assert values(read(f"{head};Number;Extra\nx;1;y\n"))[0]["name"] == "x"
    assert read("Name;Number;Extra\nx;1;y\n").unknown == ["Extra"]


def test_mistakes_are_told_by_line_and_column_and_the_rest_is_read() -> None:
    found = read('number,name\n1,a\nx,b\n\n3,\n"4","c\nd"\n1,e\n5,f,g\n6,h\n')
    told = [(problem.line, problem.column) for problem in found.problems]
    assert told == [(3, "Number"), (5, "Name"), (8, "Number"), (9, "")]
    assert "line 2" in found.problems[2].message
    assert [(row.line, row.values["number"]) for row in found.rows] == [(2, 1), (6, 4), (10, 6)]


def test_what_is_no_table_is_refused_whole() -> None:
    assert refused(b"") == "empty"
    assert refused(b"number,name\n1,a\0b\n") == "not_text"
    assert refused("number,name\n1,a\0b\n".encode("utf-16")) == "not_text"
    assert refused(b"PK\x03\x04\x00\x00") == "not_text"
    assert refused(b"\x81\x8d\x8f") == "not_text"
    assert refused(b"number\n1\n") == "heads"
    assert refused(b"number,name\n") == "no_rows"
    assert refused(b'number,name\n1,"open\n') == "quotes"


def test_caps() -> None:
    with override_settings(INTAKE_MAX_BYTES=30):
        assert refused(b"number,name\n" + b"1,a\n" * 10) == "too_large"
    with override_settings(INTAKE_MAX_ROWS=2):
        assert len(read("number,name\n1,a\n2,b\n").rows) == 2
        assert refused(b"number,name\n1,a\n2,b\n3,c\n") == "too_many"


def test_what_our_exports_put_before_a_formula_is_taken_off_again() -> None:
    assert values(read("number,name\n1,'=1+1\n2,'s Gravenhage\n")) == [
        {"number": 1, "name": "=1+1", "note": None},
        {"number": 2, "name": "'s Gravenhage", "note": None},
    ]


def test_the_template_is_a_table_that_can_be_read() -> None:
    with translation.override("fr"):
        text = template(COLUMNS) + "1,a,\n"
    assert values(read(text))[0] == {"number": 1, "name": "a", "note": None}
