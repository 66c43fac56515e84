"""What becomes of a subscription whose term ends: the three choices, or the lifecycle from before them.

Rule extended_service_term. Which terms it is for is data that settings may change (second-hand).
"""

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import term_end
from orders.term_end import OPEN, TermEnd
from portal.ui import formats

if TYPE_CHECKING:
    from orders.models import Subscription
    from portal.reference.term_end import Rules

NEW_COMMERCE = "OnlineServicesNCE"
DAY = dt.timedelta(days=1)
RECENT = dt.timedelta(days=8)
"""Seats are refundable for 7 days after a purchase, renewal or increase (facts); a day to spare."""


class Lifecycle(StrEnum):
    """Which rules hold at the end. ``OUTSIDE``: legacy, software, Azure; ``UNKNOWN``: a date is missing."""

    CHOICES = "choices"
    BEFORE = "before"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


def rules() -> "Rules":
    """The days and percentages in force here."""
    found: Rules = settings.EXTENDED_SERVICE_TERM_RULES
    return found


def of(row: "Subscription") -> Lifecycle:
    """Which lifecycle a subscription has, by the day its term began and the day it ends."""
    if row.product_type.lower() != NEW_COMMERCE.lower():
        return Lifecycle.OUTSIDE
    if row.effective_start_date is None or row.commitment_end_date is None:
        return Lifecycle.UNKNOWN
    began, ends = _day(row.effective_start_date), _day(row.commitment_end_date)
    return Lifecycle.CHOICES if rules().rolls_on(began, ends) else Lifecycle.BEFORE


def rolling() -> Q:
    """Subscriptions of which ``of`` says CHOICES."""
    return Q(
        product_type__iexact=NEW_COMMERCE,
        effective_start_date__gte=_midnight(rules().bought_since),
        commitment_end_date__gte=_midnight(rules().ending_since),
    )


def unchosen() -> Q:
    """Subscriptions that do not renew by themselves and of which no other choice is known."""
    return Q(auto_renew=False, scheduled_change__actionType__isnull=True)


def renewing() -> Q:
    """Subscriptions that are not to be cancelled or to go on by the month; what they renew to may be scheduled."""
    others = [term_end.action(choice) for choice in (TermEnd.CANCEL, TermEnd.EXTENDED)]
    # Not by negation alone: a schedule without an action is not unlike one of these, in SQL.
    return Q(scheduled_change__actionType__isnull=True) | ~Q(
        scheduled_change__actionType__in=others
    )


def last_day(row: "Subscription") -> dt.date | None:
    """The last day of the term, as Partner Center counts it (UTC)."""
    return None if row.commitment_end_date is None else _day(row.commitment_end_date)


def last_moment(row: "Subscription") -> dt.datetime | None:
    """When the term is over: at the close of its last day for new commerce (facts, commitmentEndDate)."""
    end = row.commitment_end_date
    if end is None or row.product_type.lower() != NEW_COMMERCE.lower():
        return end
    return _midnight(_day(end)) + DAY


def today(now: dt.datetime | None = None) -> dt.datetime:
    """The beginning of today in UTC: a term whose last day this is can still be decided on.

    ``now`` is Partner Center's clock on a connection (``Connection.now``), else ours.
    """
    return _midnight(_day(now or timezone.now()))


def chosen(row: "Subscription") -> str:
    """One of TermEnd, or OPEN."""
    return term_end.chosen(vars(row))


def without_choice(row: "Subscription") -> str:
    """What happens at the end where nobody says more: renews, rolls or ends."""
    choice = chosen(row)
    if choice == TermEnd.RENEW:
        return "renews"
    rolls = choice == TermEnd.EXTENDED or (choice == OPEN and of(row) is Lifecycle.CHOICES)
    return "rolls" if rolls else "ends"


def happens(row: "Subscription") -> str:
    """What happens at the end if nobody does anything more, in words."""
    choice = chosen(row)
    if choice != OPEN:
        return term_end.words(choice)
    if row.detail_observed_at is None:
        return _("Auto-renew is off, whether anything is chosen is not read yet")
    told = {
        Lifecycle.CHOICES: _("Rolls on month by month: nobody chose it"),
        Lifecycle.BEFORE: _("Ends, with 30 days in which people keep access"),
        Lifecycle.OUTSIDE: _("Ends"),
    }
    return told.get(of(row), term_end.words(OPEN))


def note(row: "Subscription") -> str:
    """Which rules hold for this term and why, in a sentence; "" where nothing is to be said, as once it is over."""
    if row.status not in {"active", "suspended"}:
        return ""
    values: dict[str, Any] = {
        "began": formats.date_short(row.effective_start_date),
        "since": formats.date_short(rules().bought_since),
        "until": formats.date_short(rules().ending_since),
    }
    told = {
        Lifecycle.CHOICES: _(
            "The term began on %(began)s: with auto-renew off and nothing chosen it rolls into an Extended"
            " Service Term."
        ),
        Lifecycle.BEFORE: _(
            "The older lifecycle holds: only terms bought or renewed since %(since)s that end since"
            " %(until)s can go on month by month."
        ),
    }
    return told.get(of(row), "") % values


def surcharge() -> str:
    """What a month of the Extended Service Term costs above the price, as far as is known."""
    percent = {
        "monthly": formats.count(rules().uplift_percent),
        "without": formats.count(rules().uplift_without_monthly_plan_percent),
    }
    return (
        _(
            "As far as known, each month costs %(monthly)s %% more than the monthly price, or %(without)s %%"
            " more where there is no monthly plan."
        )
        % percent
    )


def offered(row: "Subscription") -> list[TermEnd]:
    """The choices that this subscription has; what is not certain is left to Partner Center."""
    without = {TermEnd.EXTENDED} if of(row) is Lifecycle.BEFORE or row.is_trial else set()
    return [choice for choice in term_end.offered() if choice not in without]


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(dt.UTC).date()


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
