"""Typed operators of a filter box: ``status:suspended renews:<30d reseller:Fabrikam "free text"``.

The text is parsed here and nowhere else, so an operator means the same in a list's filter, in global
search and in the palette. A list declares which operators it knows; one it does not know is answered
with those it does, never dropped and never searched for as text.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise
_TERM = re.compile(r'(?P<no>-?)(?P<name>[^\W\d]\w*):(?P<value>"[^"]*"?|[^\s"/][^\s"]*)')
_QUOTED = re.compile(r'"(?P<text>[^"]*)"?')
_WORD = re.compile(r'[^\s"]+')
_SIGN = re.compile(r"(<=|>=|<|>|=)?(.*)", re.DOTALL)
_AWAY = re.compile(r"(\d{1,4})\s*(d|j|w|s|m|y|a)", re.IGNORECASE)
_DAYS = {"d": 1, "j": 1, "w": 7, "s": 7, "m": 30, "y": 365, "a": 365}


class OperatorError(ValueError):
    """A value that an operator cannot take; its text is shown to the person."""


@dataclass(frozen=True)
class Term:
    """One ``name:value`` as written. ``values`` are its parts between commas: any of them."""

    name: str
    sign: str
    value: str
    denied: bool = False
    quoted: bool = False

    @property
    def values(self) -> list[str]:
        """The alternatives."""
        if self.quoted:
            return [self.value]
        return [part for part in self.value.split(",") if part]

    def __str__(self) -> str:
        value = f'"{self.value}"' if self.quoted else f"{self.sign}{self.value}"
        return f"{'-' if self.denied else ''}{self.name}:{value}"


@dataclass(frozen=True)
class Query:
    """A filter text in its parts: plain words, and terms in the order written."""

    words: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def text(self) -> str:
        """The plain words, as one text to look for."""
        return " ".join(self.words)

    def without(self, term: Term) -> str:
        """The text again with one term left out."""
        rest = [str(other) for other in self.terms if other is not term]
        return " ".join([*rest, *(_quote(word) for word in self.words)])


def _quote(word: str) -> str:
    return f'"{word}"' if " " in word or _TERM.match(word) else word


def parse(text: str) -> Query:
    """Take a filter text apart. Every text has a meaning; nothing raises."""
    words: list[str] = []
    terms: list[Term] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        if found := _TERM.match(text, place):
            terms.append(_term(found))
        elif (found := _QUOTED.match(text, place)) or (found := _WORD.match(text, place)):
            words.append(found["text"] if "text" in found.groupdict() else found[0])
        else:  # every character is a space, a quote or part of a word
            raise AssertionError(text)
        place = found.end()
    return Query(tuple(word for word in words if word), tuple(terms))


def _term(found: re.Match[str]) -> Term:
    value = found["value"]
    quoted = value.startswith('"')
    sign, rest = ("", value.strip('"')) if quoted else _signed(value)
    return Term(found["name"].lower(), sign, rest, bool(found["no"]), quoted)


def _signed(value: str) -> tuple[str, str]:
    match = _SIGN.fullmatch(value)
    sign, rest = match.groups() if match else ("", value)
    return sign or "", rest


# --- what a list declares -----------------------------------------------------------------------

Condition = Callable[[Term, HttpRequest], Q]


@dataclass(frozen=True)
class Operator:
    """One operator of a list. ``condition`` gives the rows of a term, or raises OperatorError.

    ``aliases`` are its names in other languages; ``example`` is a value as one would write it;
    ``words`` gives a value as people read it, for the chip.
    """

    name: str
    label: Text
    condition: Condition
    aliases: tuple[str, ...] = ()
    example: str = ""
    words: Callable[[str], Text] = field(default=str)

    def known_as(self, name: str) -> bool:
        """Whether this is the operator's name in some language."""
        return name == self.name or name in self.aliases

    def rows(self, term: Term, request: HttpRequest) -> Q:
        """The rows of a term, turned round by a leading minus."""
        if not term.value:
            raise OperatorError(
                _("Write a value after “%(name)s:”, for example %(example)s.")
                % {"name": term.name, "example": f"{term.name}:{self.example}"}
            )
        found = self.condition(term, request)
        return ~found if term.denied else found


def text(
    name: str, label: Text, path: str, *, lookup: str = "icontains", **options: Any
) -> Operator:
    """Text in a column (``lookup`` "iexact": the whole of it); commas mean any of them."""

    def condition(term: Term, _request: HttpRequest) -> Q:
        _plain(term)
        return any_of(Q(**{f"{path}__{lookup}": value}) for value in term.values)

    return Operator(name, label, condition, **options)


def choice(
    name: str, label: Text, path: str, choices: Sequence[tuple[str, Text]], **options: Any
) -> Operator:
    """One of a few values, by its value or by its word in the reader's language."""
    words = dict(choices)

    def condition(term: Term, _request: HttpRequest) -> Q:
        return Q(**{f"{path}__in": picked(term, choices)})

    options.setdefault("example", choices[0][0])
    return Operator(name, label, condition, words=lambda value: words.get(value, value), **options)


def picked(term: Term, choices: Sequence[tuple[str, Text]]) -> list[str]:
    """The choices that a term names, by their values or their words; OperatorError for another."""
    _plain(term)
    return [_pick(value, choices) for value in term.values]


def _pick(value: str, choices: Sequence[tuple[str, Text]]) -> str:
    sought = value.casefold()
    for key, word in choices:
        if sought in {key.casefold(), str(word).casefold()}:
            return key
    raise OperatorError(
        _("“%(value)s” is not one of: %(known)s.")
        % {"value": value, "known": ", ".join(key for key, _word in choices)}
    )


def number(name: str, label: Text, path: str, **options: Any) -> Operator:
    """A number: ``10``, ``>10``, ``<=3``, ``5..20``."""

    def read(value: str) -> Decimal:
        try:
            found = Decimal(value.replace(",", "."))
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            raise OperatorError(
                _("“%(value)s” is not a number. Write 10, >10, <=3 or 5..20.") % {"value": value}
            )
        return found

    options.setdefault("example", ">10")
    return Operator(name, label, _ranged(path, read), **options)


def day(name: str, label: Text, path: str, *, moment: bool = True, **options: Any) -> Operator:
    """A day: ``<30d`` within 30 days from now, ``>30d`` later than that, ``2026-12-24``, ``..``.

    ``moment``: the column holds a moment, whose day is that of the reader's time zone.
    """
    path = f"{path}__date" if moment else path

    def read(value: str) -> dt.date:
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise OperatorError(
                _("“%(value)s” is not a day. Write <30d, >2w or 2026-12-24.") % {"value": value}
            ) from None

    ranged = _ranged(path, read)

    def condition(term: Term, request: HttpRequest) -> Q:
        away = _AWAY.fullmatch(term.value)
        if away is None:
            return ranged(_today(term), request)
        today = timezone.localdate()
        until = today + dt.timedelta(days=int(away[1]) * _DAYS[away[2].lower()])
        if term.sign.startswith(">"):
            return Q(**{f"{path}__gt": until})
        return Q(**{f"{path}__gte": today, f"{path}__lte": until})

    options.setdefault("example", "<30d")
    return Operator(name, label, condition, **options)


def past(name: str, label: Text, path: str, **options: Any) -> Operator:
    """A day that lies behind: ``<7d`` within the last 7 days, ``>7d`` longer ago, or a date."""
    ahead = day(name, label, path)
    path = f"{path}__date"

    def condition(term: Term, request: HttpRequest) -> Q:
        away = _AWAY.fullmatch(term.value)
        if away is None:
            return ahead.condition(term, request)
        since = timezone.localdate() - dt.timedelta(days=int(away[1]) * _DAYS[away[2].lower()])
        sign = "lt" if term.sign.startswith(">") else "gte"
        return Q(**{f"{path}__{sign}": since})

    options.setdefault("example", "<7d")
    return Operator(name, label, condition, **options)


def flag(name: str, label: Text, path: str, **options: Any) -> Operator:
    """Yes or no, in either language."""
    yes, no = {"yes", "true", "on", "1", "oui"}, {"no", "false", "off", "0", "non"}

    def condition(term: Term, _request: HttpRequest) -> Q:
        value = term.value.casefold()
        if value not in yes | no:
            raise OperatorError(_("Write yes or no after “%(name)s:”.") % {"name": term.name})
        return Q(**{path: value in yes})

    options.setdefault("example", "yes")
    return Operator(name, label, condition, **options)


def _today(term: Term) -> Term:
    if term.value.casefold() in {"today", "aujourdhui"}:
        return replace(term, value=timezone.localdate().isoformat())
    return term


def _ranged(path: str, read: Callable[[str], Any]) -> Condition:
    lookups = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}

    def condition(term: Term, _request: HttpRequest) -> Q:
        first, dots, last = term.value.partition("..")
        if dots and not term.sign:
            ends = {"gte": first, "lte": last}
            return Q(**{f"{path}__{end}": read(value) for end, value in ends.items() if value})
        if term.sign in lookups:
            return Q(**{f"{path}__{lookups[term.sign]}": read(term.value)})
        return Q(**{f"{path}__in": [read(value) for value in term.values]})

    return condition


def _plain(term: Term) -> None:
    if term.sign not in {"", "="}:
        raise OperatorError(
            _("“%(name)s:” compares nothing; write the value alone.") % {"name": term.name}
        )


def any_of(conditions: Iterable[Q]) -> Q:
    """The rows of any of some conditions."""
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


# --- a query against a list's operators ---------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """A query as one list understands it: what to look for as text, conditions, chips, complaints."""

    query: Query
    conditions: tuple[Q, ...] = ()
    chips: tuple[tuple[Term, Text, Text], ...] = ()
    problems: tuple[str, ...] = ()


def read(value: str, operators: Sequence[Operator], request: HttpRequest) -> Read:
    """A filter text for a list that knows these operators."""
    query = parse(value)
    conditions: list[Q] = []
    chips: list[tuple[Term, Text, Text]] = []
    problems: list[str] = []
    for term in query.terms:
        operator = find(operators, term.name)
        if operator is None:
            problems.append(unknown(term.name, operators))
            continue
        try:
            conditions.append(operator.rows(term, request))
        except OperatorError as error:
            problems.append(str(error))
        shown = operator.words(term.value) if not term.sign else f"{term.sign}{term.value}"
        chips.append((term, operator.label, f"≠ {shown}" if term.denied else shown))
    return Read(query, tuple(conditions), tuple(chips), tuple(problems))


def find(operators: Sequence[Operator], name: str) -> Operator | None:
    """The operator of a name in any language."""
    return next((operator for operator in operators if operator.known_as(name)), None)


def unknown(name: str, operators: Sequence[Operator]) -> str:
    """What to say to a name that a list does not know."""
    return _(
        "“%(name)s:” is not known here. Known: %(known)s. Put text with a colon in quotes."
    ) % {
        "name": name,
        "known": ", ".join(f"{operator.name}:" for operator in operators),
    }
