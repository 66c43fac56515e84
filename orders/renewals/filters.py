"""Filters of the lists of renewals and of decisions."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders import finding, term_end
from orders.filters import OPERATORS, TERMS
from orders.models import Subscription, TermDecision
from orders.renewals import lifecycle, queries
from orders.term_end import OPEN, SHORT, TermEnd
from portal.access.http import scope_of
from portal.notifications.models import MailState
from portal.ui import filters, operators

PERIODS = (7, 30, 60, 90)
WINDOWS = (1, 3, 7)
SHORT_CHOICES = [(choice.value, word) for choice, word in SHORT.items()]
CHOICES = [*SHORT_CHOICES, (OPEN, _("Not chosen, auto-renew is off"))]
DECISIONS = [("none", _("Nothing decided")), ("kept", _("Decided"))]
WRITTEN = [
    ("none", _("Not written to")),
    ("sent", _("Written to")),
    ("failed", _("The mail failed")),
]
IDLE = [("some", _("Idle seats"))]
# Each row is looked at for its licence: rows that match are counted no further.
COUNTED = 100


def periods(lengths: Sequence[int] = ()) -> list[tuple[str, str]]:
    """The choices of "within", in the language of this moment; without lengths those until a term ends."""
    return [
        (str(days), ngettext("Next %(n)s day", "Next %(n)s days", days) % {"n": days})
        for days in lengths or sorted({*PERIODS, queries.alert_days()})
    ]


def by_choice(value: str) -> Q:
    """Subscriptions that are set to one of the choices, or to none."""
    if value == OPEN:
        return lifecycle.unchosen()
    told = Q(scheduled_change__actionType=term_end.action(TermEnd(value)))
    if value == TermEnd.RENEW:
        return told | (Q(auto_renew=True) & lifecycle.renewing())
    return told


class EndFilters(filters.FilterSet):
    """What every list of terms that end is filtered by."""

    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter subscriptions"),
        placeholder=_("Product, customer or subscription ID"),
        method="find",
    )
    within = filters.ChoiceFilter(
        label=_("Term ends"), empty_label=_("Any day"), choices=periods, method="by_period"
    )
    decision = filters.ChoiceFilter(
        label=_("Decision"),
        empty_label=_("Decided or not"),
        choices=DECISIONS,
        method="by_decision",
    )
    written = filters.ChoiceFilter(
        label=_("Mail to the customer"),
        empty_label=_("Written to or not"),
        choices=WRITTEN,
        method="by_mail",
    )
    day = filters.DateFilter(label=_("Last day"), method="by_day")

    def find(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        assert self.request is not None
        found = finding.find(scope_of(self.request), value)
        if found.number is None or found.number > finding.FEW:
            self.counted = filters.COUNTED_ALONG
        return finding.matching(queryset, value, found)

    def by_period(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        return queries.within(queryset, int(value))

    def by_decision(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        return queryset.filter(queries.UNDECIDED if value == "none" else ~queries.UNDECIDED)

    def by_mail(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        there, failed = Q(written__isnull=False), Q(written__state=MailState.FAILED)
        told = {"none": ~there, "failed": there & failed, "sent": there & ~failed}
        return queryset.filter(told[value])

    def by_day(
        self, queryset: QuerySet[Subscription], name: str, value: dt.date
    ) -> QuerySet[Subscription]:
        start = dt.datetime.combine(value, dt.time(), dt.UTC)
        end = start + lifecycle.DAY
        return queryset.filter(commitment_end_date__gte=start, commitment_end_date__lt=end)


class RenewalFilters(EndFilters):
    """The due list: also by what is chosen, by the term, and by idle seats."""

    choice = filters.ChoiceFilter(
        label=_("Set to"), empty_label=_("Whatever is set"), choices=CHOICES, method="by_choice"
    )
    term = filters.ChoiceFilter(
        label=_("Term"), field_name="term_duration", empty_label=_("Any term"), choices=TERMS[1:]
    )
    idle = filters.ChoiceFilter(
        label=_("Idle"), empty_label=_("Idle or not"), choices=IDLE, method="by_idle"
    )

    def by_choice(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        return queryset.filter(by_choice(value))

    def by_idle(
        self, queryset: QuerySet[Subscription], name: str, value: Any
    ) -> QuerySet[Subscription]:
        self.counted = COUNTED
        return queryset.filter(Q(idle__gt=0))


class RenewedFilters(filters.FilterSet):
    """Of what was renewed."""

    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter subscriptions"),
        placeholder=_("Product, customer or subscription ID"),
        method="find",
    )

    idle = filters.ChoiceFilter(
        label=_("Idle"), empty_label=_("Idle or not"), choices=IDLE, method="by_idle"
    )
    closes = filters.ChoiceFilter(
        label=_("Window closes"),
        empty_label=_("Any day"),
        choices=lambda: periods(WINDOWS),
        method="by_window",
    )

    find = EndFilters.find
    by_idle = RenewalFilters.by_idle

    def by_window(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        return queries.closing(queryset, int(value))


class DecisionFilters(filters.FilterSet):
    """Of decisions: by who, for whom, what."""

    operators = (
        operators.text(
            "customer",
            _("Customer"),
            "subscription__customer__name",
            aliases=("client",),
            example="Contoso",
        ),
        operators.text("by", _("Decided by"), "decided_by", aliases=("par",), example="Martin"),
        operators.day("ends", _("End of term"), "ends_on", moment=False, aliases=("échéance",)),
    )

    q = filters.TextFilter(
        label=_("Filter decisions"),
        placeholder=_("Subscription, customer, person or proof"),
        method="find",
    )
    choice = filters.ChoiceFilter(
        label=_("Decision"), empty_label=_("Any decision"), choices=SHORT_CHOICES
    )

    def find(
        self, queryset: QuerySet[TermDecision], name: str, value: str
    ) -> QuerySet[TermDecision]:
        return queryset.filter(
            Q(decided_by__icontains=value)
            | Q(proof__icontains=value)
            | Q(subscription__friendly_name__icontains=value)
            | Q(subscription__customer__name__icontains=value)
        )
