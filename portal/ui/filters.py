"""Filters of a list: a bar of fields, a chip per filter in force, a message for what makes no sense.

A value that cannot be applied is never dropped: the list then shows no rows and says why.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, TypeAlias

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from portal.ui import formats
from portal.ui.operators import Operator, Query, Read, read

# How far rows are counted where a text is looked for row by row.
COUNTED_ALONG = 100

Text = str | Promise
Label: TypeAlias = Any  # django-filter and django-stubs name lazy strings differently
Choices = Iterable[tuple[str, Text]]


@dataclass(frozen=True)
class Chip:
    """A filter in force; ``name`` is the parameter to set to ``without`` (dropped where None)."""

    name: str
    label: Text
    value: Text
    without: str | None = None


@dataclass(frozen=True)
class Problem:
    """A filter that could not be applied."""

    name: str
    label: Text
    message: Text


class TextFilter(django_filters.CharFilter):
    """A search field; ``method`` names the function of the filter set that applies it."""

    def __init__(self, *, label: Label, placeholder: Text = "", **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "search", "placeholder": placeholder})
        super().__init__(label=label, widget=widget, max_length=200, **options)


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of a few values. ``empty_label`` says what no choice means ("Any status")."""

    def __init__(self, *, label: Label, choices: Any, empty_label: Label, **options: Any) -> None:
        super().__init__(label=label, choices=choices, empty_label=empty_label, **options)


class RequestChoiceFilter(ChoiceFilter):
    """Choices that depend on who asks; ``choices_for(request)`` should not query on each page."""

    def __init__(
        self, *, label: Label, choices_for: Callable[[HttpRequest], Choices], **options: Any
    ) -> None:
        super().__init__(label=label, choices=[], **options)
        self.choices_for = choices_for


class DateFilter(django_filters.DateFilter):
    """A day."""

    def __init__(self, *, label: Label, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(label=label, widget=widget, **options)


class FilterSet(django_filters.FilterSet):
    """The base of every list's filters. ``operators`` are what its field ``q`` understands.

    A filter that no index answers sets ``counted``: rows that match are then counted up to there only.
    One that knows how many match sets ``known``, and they are not counted.
    """

    operators: ClassVar[tuple[Operator, ...]] = ()
    counted: int | None = None
    known: int | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for found in self.filters.values():
            if isinstance(found, RequestChoiceFilter) and self.request:
                found.extra["choices"] = list(found.choices_for(self.request))
        self.form.auto_id = "filter-%s"
        for name, field in self.form.fields.items():
            select = isinstance(field.widget, forms.Select)
            classes = "form-select w-auto" if select else "form-control w-auto"
            field.widget.attrs["class"] = f"{classes} flex-fill" if name == "q" else classes

    def problems(self) -> list[Problem]:
        """What could not be applied, field by field."""
        wrong = [
            Problem(name, self.form.fields[name].label or name, " ".join(map(str, errors)))
            for name, errors in self.form.errors.items()
            if name in self.form.fields
        ]
        label = (self.form.fields["q"].label if self.operators else "") or ""
        return wrong + [Problem("q", label, message) for message in self.typed.problems]

    @cached_property
    def typed(self) -> Read:
        """What the text in ``q`` means to this list; nothing for a list without operators."""
        if not self.operators or self.request is None or not self.form.is_valid():
            return Read(Query())
        return read(self.form.cleaned_data.get("q") or "", self.operators, self.request)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that match: every field, and in ``q`` the operators and then the words."""
        for name, value in self.form.cleaned_data.items():
            wanted = self.typed.query.text if self.operators and name == "q" else value
            queryset = self.filters[name].filter(queryset, wanted)
        return queryset.filter(*self.typed.conditions)

    def spare_counting(self, number: int | None, few: int) -> None:
        """For the text filter: take what it knows before a row is read.

        ``number``: the rows that hold the text, ``few`` + 1 for more than that, None if unknown.
        """
        if number is None or number > few:
            self.counted = COUNTED_ALONG
        if number is not None and number > COUNTED_ALONG and self._by_text_alone():
            self.known, self.counted = number, few

    def _by_text_alone(self) -> bool:
        others = [value for name, value in self.form.cleaned_data.items() if name != "q"]
        return not self.typed.conditions and all(value in (None, "", []) for value in others)

    def chips(self) -> list[Chip]:
        """The filters in force, in the order of the bar."""
        cleaned = getattr(self.form, "cleaned_data", {}) if self.form.is_valid() else {}
        found: list[Chip] = []
        for name, value in cleaned.items():
            if value in (None, "", []):
                continue
            if self.operators and name == "q":
                found += self._typed_chips()
            else:
                found.append(Chip(name, self._chip_label(name), self._word(name, value)))
        return found

    def _typed_chips(self) -> list[Chip]:
        """A chip an operator, one for the words."""
        query = self.typed.query
        made = [
            Chip("q", label, value, query.without(term) or None)
            for term, label, value in self.typed.chips
        ]
        if query.words:
            rest = " ".join(map(str, query.terms)) or None
            made.append(Chip("q", "", query.text, rest))
        return made

    def _chip_label(self, name: str) -> Text:
        """The field's name; the main search field needs none."""
        return "" if name == "q" else self.form.fields[name].label or name

    def _word(self, name: str, value: Any) -> Text:
        """A value as people chose it."""
        if isinstance(value, date):
            return formats.date_short(value)
        choices = getattr(self.form.fields[name], "choices", None)
        if choices is None:
            return str(value)
        words = {str(key): word for key, word in choices}
        word: Text = words.get(str(value), str(value))
        return word
