"""Typed operators: one grammar, declared by each list, wrong ones answered and never ignored."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.access.models import User
from portal.ui import operators
from portal.ui.operators import Term, parse
from tests.ui import lists
from tests.ui.conftest import Page

OPERATORS = (
    operators.choice(
        "theme", "Theme", "theme", [("dark", "Sombre"), ("light", "Clair")], aliases=("thème",)
    ),
    operators.text("mail", "E-mail", "email", aliases=("courriel",)),
    operators.number("id", "Number", "pk"),
    operators.day("joined", "Joined", "created_at"),
    operators.past("seen", "Seen", "last_login"),
    operators.flag("active", "Active", "is_active"),
)


@pytest.mark.parametrize(
    ("text", "words", "terms"),
    [
        ("adventure works", ("adventure", "works"), ()),
        ("status:suspended", (), (Term("status", "", "suspended"),)),
        ("renews:<30d seats:>=10", (), (Term("renews", "<", "30d"), Term("seats", ">=", "10"))),
        ('reseller:"Trey Research"', (), (Term("reseller", "", "Trey Research", quoted=True),)),
        ("-status:active x", ("x",), (Term("status", "", "active", denied=True),)),
        ('"free text" a', ("free text", "a"), ()),
        ('"status:active"', ("status:active",), ()),
        ("https://contoso.example", ("https://contoso.example",), ()),
        ("12:30", ("12:30",), ()),
        ("status: active", ("status:", "active"), ()),
        ('"open', ("open",), ()),
        ("Échéance:<1s", (), (Term("échéance", "<", "1s"),)),
    ],
)
def test_text_is_taken_apart(text, words, terms):
    query = parse(text)
    assert (query.words, query.terms) == (words, terms)


@given(st.text(max_size=60))
def test_every_text_has_a_meaning_that_survives_being_written_again(text):
    query = parse(text)
    again = parse(query.without(Term("", "", "")))
    assert again.terms == query.terms


def _html(request) -> str:
    response = lists.people(request)
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def _emails(ask, text: str) -> tuple[list[str], list[str]]:
    class Filters(lists.PeopleFilters):
        operators = OPERATORS

    found = Filters({"q": text}, queryset=User.objects.order_by("email"), request=ask())
    problems = [str(problem.message) for problem in found.problems()]
    return ([] if problems else [user.email[:4] for user in found.qs]), problems


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("theme:dark", 60),
        ("theme:Sombre", 60),
        ("thème:dark", 60),
        ("THEME:DARK", 60),
        ("-theme:dark", 60),
        ("theme:dark,light", 120),
        ("theme:dark p01", 5),
        ("mail:p00,p01", 20),
        ('courriel:"p001@x"', 1),
        ("active:no", 0),
        ("active:oui", 120),
        ("joined:today", 120),
        ("joined:<1w", 120),
        ("joined:>1w", 0),
        ("joined:2020-01-01..2020-02-01", 0),
        ("seen:>1d theme:dark", 40),
    ],
)
def test_operators_filter_rows(people, ask, text, count):
    User.objects.update(created_at=timezone.now())
    User.objects.exclude(last_login=None).update(last_login=timezone.now() - timedelta(days=5))
    found, problems = _emails(ask, text)
    assert problems == []
    assert len(found) == count


def test_numbers_compare(people, ask):
    first = people[0].pk
    assert len(_emails(ask, f"id:{first}..{first + 4}")[0]) == 5
    assert len(_emails(ask, f"id:<{first + 3}")[0]) == 3
    assert len(_emails(ask, f"id:{first},{first + 7}")[0]) == 2
    assert len(_emails(ask, f"id:>={first}")[0]) == 120


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour:red", "“colour:” is not known here. Known: theme:, mail:, id:"),
        ("theme:purple", "is not one of: dark, light"),
        ("id:many", "is not a number"),
        ("id:>nan", "is not a number"),
        ("joined:soon", "is not a day"),
        ("joined:2026-13-45", "is not a day"),
        ("active:perhaps", "yes or no"),
        ("mail:>3", "compares nothing"),
        ("theme:>", "Write a value after"),
        ('theme:""', "Write a value after"),
    ],
)
def test_what_makes_no_sense_is_said(people, ask, text, said):
    found, problems = _emails(ask, text)
    assert found == []
    assert len(problems) == 1
    assert said in problems[0]


def test_each_operator_has_a_chip_that_takes_it_away(people, ask, monkeypatch):
    monkeypatch.setattr(lists.PeopleFilters, "operators", OPERATORS)
    address = "/people/?q=theme%3Adark+-mail%3Ap00+%22p 1%22+x&sort=-email"
    html = _html(ask(address))
    away = {
        attrs["aria-label"]: attrs["href"]
        for attrs in Page(html).all("a")
        if "Remove filter" in (attrs.get("aria-label") or "")
    }
    assert away == {
        "Remove filter Sombre": "/people/?q=-mail%3Ap00+%22p+1%22+x&sort=-email",
        "Remove filter ≠ p00": "/people/?q=theme%3Adark+%22p+1%22+x&sort=-email",
        "Remove filter p 1 x": "/people/?q=theme%3Adark+-mail%3Ap00&sort=-email",
    }


def test_a_list_with_operators_names_them(people, ask, monkeypatch):
    monkeypatch.setattr(lists.PeopleFilters, "operators", OPERATORS)
    html = _html(ask("/people/?q=colour:red"))
    assert "theme: mail: id: joined: seen: active:" in html
    assert "is not known here" in html
    assert 'scope="row"' not in html
