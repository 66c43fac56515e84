"""Pages of what each choice would cost: for one subscription, a customer, and all that ends in a period."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from customers import queries as customers
from orders import actions, term_end
from orders import queries as subscriptions
from orders.prices import quoting, running
from orders.prices.quoting import Side
from orders.renewals import queries, whatif, writing
from orders.renewals.filters import PERIODS, periods
from orders.renewals.queries import RIGHT
from orders.renewals.views import around
from orders.term_end import TermEnd
from portal.access.guard import route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.ui.pages import page

MOST = 500
"""Subscriptions that one page compares; each has six prices."""
SHOWN = 50
CHOICES = {
    whatif.Way.RENEW: TermEnd.RENEW,
    whatif.Way.EXTENDED: TermEnd.EXTENDED,
    whatif.Way.CANCEL: TermEnd.CANCEL,
}
"""What is chosen at the end of the term to go a way."""


class AssumedForm(forms.Form):
    """What the person assumes of prices that are not announced."""

    percent = forms.DecimalField(
        label=_("Price change where none is announced, in percent"),
        required=False,
        min_value=Decimal(-90),
        max_value=Decimal(500),
        max_digits=6,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "form-control seats", "step": "any"}),
    )

    @property
    def assumed(self) -> Decimal | None:
        """The percentage, None for none or one that makes no sense."""
        return self.cleaned_data.get("percent") if self.is_valid() else None


class PeriodForm(AssumedForm):
    """The same for all that ends in a period."""

    within = forms.ChoiceField(
        label=_("Term ends"),
        required=False,
        choices=periods,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    field_order = ["within", "percent"]

    @property
    def days(self) -> int:
        """Days of the period; 30 unless another is chosen."""
        chosen = self.cleaned_data.get("within") if self.is_valid() else ""
        return int(chosen) if chosen else PERIODS[1]


@route(effect="read", right=RIGHT)
@require_safe
def of_subscription(request: Request, pk: int) -> HttpResponse:
    """Of one subscription."""
    row = subscriptions.subscription(request.scope, pk)
    form = AssumedForm(request.GET)
    found = whatif.book(request.scope, [row], form.assumed)
    context = {"subscription": row, "form": form, **shown(request.scope, found)}
    return page(request, "renewals/what_if_one.html", context)


@route(effect="read", right=RIGHT)
@require_safe
def of_customer(request: Request, pk: int) -> HttpResponse:
    """Of all terms of a customer that can still be decided on."""
    customer = customers.customer(request.scope, pk)
    form = AssumedForm(request.GET)
    rows = queries.upcoming(request.scope).filter(customer=customer)
    listed = list(rows.order_by("commitment_end_date", "pk")[: MOST + 1])
    found = whatif.book(request.scope, listed[:MOST], form.assumed)
    context = {
        "customer": customer,
        "form": form,
        "more": len(listed) > MOST,
        "may_decide": request.scope.can(writing.RIGHT, customer),
        **shown(request.scope, found),
    }
    return page(request, "renewals/what_if.html", context)


@route(effect="read", right=RIGHT)
@require_safe
def of_book(request: Request) -> HttpResponse:
    """Of everything that ends in a period."""
    form = PeriodForm(request.GET or None, initial={"within": str(PERIODS[1])})
    rows = queries.within(queries.upcoming(request.scope), form.days)
    listed = list(rows.order_by("commitment_end_date", "pk")[: MOST + 1])
    found = whatif.book(request.scope, listed[:MOST], form.assumed)
    context = {
        "form": form,
        "more": len(listed) > MOST,
        "most": MOST,
        **shown(request.scope, found),
    }
    return page(request, "renewals/what_if.html", context | around(request))


def shown(scope: Scope, found: whatif.Book) -> dict[str, Any]:
    """A comparison as templates show it: a table of totals, one of lines, each with its sides as columns."""
    ways = [(way, whatif.words(way)) for way in whatif.Way]
    offered = term_end.offered()
    choices = {way: one.value for way, one in CHOICES.items() if one in offered}
    return {
        "ways": [word for _way, word in ways],
        "totals": [
            (running.LABELS[total.side], [_sum(found, total, way) for way, _word in ways])
            for total in found.totals
        ],
        "lines": [
            (
                line.row,
                [(running.LABELS[side], _cells(line, side, choices)) for side in line.sides],
                scope.can(actions.RIGHTS[actions.SET_TERM_END], line.row),
            )
            for line in found.lines[:SHOWN]
        ],
        "compared": len(found.lines),
        "shown": min(SHOWN, len(found.lines)),
        "lacking": sum(map(_lacks, found.lines)),
        "sees_cost": quoting.sees_cost(scope),
        "sees_books": scope.can(quoting.RIGHT),
    }


def _lacks(line: whatif.Line) -> bool:
    """Whether a side is not told what the running term or the next one comes to."""
    told = (line.ways[whatif.Way.NOW], line.ways[whatif.Way.RENEW])
    return any(side not in figures for side in line.sides for figures in told)


def _sum(found: whatif.Book, total: whatif.Total, way: whatif.Way) -> dict[str, Any]:
    """A sum, what it changes against now where both are of the same lines, and of how many lines nothing is known."""
    now = whatif.Way.NOW
    there = {one: _of_currency(found, total, one) for one in whatif.Way}
    known = there[way]
    change = total.sums[way] - total.sums[now] if way != now and known == there[now] else None
    unknown = {line.row.pk for line in found.lines if total.side not in line.ways[way]}
    return {
        "value": total.sums[way] if known else None,
        "currency": total.currency,
        "change": change,
        "missing": len(unknown & set().union(*there.values())) if known else 0,
    }


def _of_currency(found: whatif.Book, total: whatif.Total, way: whatif.Way) -> set[int]:
    """The lines whose amount is part of a sum."""
    told = ((line.row.pk, line.ways[way].get(total.side)) for line in found.lines)
    return {pk for pk, figure in told if figure and figure.currency == total.currency}


def _cells(
    line: whatif.Line, side: Side, choices: Mapping[whatif.Way, str]
) -> list[dict[str, Any]]:
    now = line.ways[whatif.Way.NOW].get(side)
    cells = []
    for way in whatif.Way:
        figure = line.ways[way].get(side)
        same = figure and now and way != whatif.Way.NOW and figure.currency == now.currency
        cells.append(
            {
                "way": whatif.words(way),
                "choice": choices.get(way, ""),
                "value": figure.value if figure else None,
                "currency": figure.currency if figure else "",
                "note": figure.note if figure else "",
                "change": figure.value - now.value if figure and now and same else None,
            }
        )
    return cells
