"""The days on which a new subscription may end: ends of months, and the last days of others (rule coterminosity).

All dates are UTC. The day must fall inside the first term.
"""

from calendar import monthrange
from datetime import date, datetime

from portal.emulator.clock import parse_moment
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Account, Subscription, last_day

_LATE_DAYS = range(28, 31)


def dates(account: Account, term: str, now: datetime) -> list[JSON]:
    """The allowed days of a term in their order; nothing for a term that is none."""
    today = now.date()
    latest = last_day(today, term)
    if latest is None:
        return []
    shared: dict[date, list[str]] = {}
    for item in account.subscriptions.values():
        day = item.last_day
        if day is not None and today < day <= latest and _may_lead(item, term) and _fits(day, term):
            shared.setdefault(day, []).append(item.id)
    months = [day for day in _month_ends(today, latest) if day not in shared]
    found = [_wire(day, "calendarMonthAligned") for day in months]
    found += [_wire(day, "subscriptionAligned", ids) for day, ids in shared.items()]
    return sorted(found, key=lambda one: str(one["allowedCustomTermEndDate"]))


def allows(account: Account, term: str, wanted: date, now: datetime) -> bool:
    """Whether a purchase may end on that day."""
    text = _text(wanted)
    return any(one["allowedCustomTermEndDate"] == text for one in dates(account, term, now))


def check_purchase(account: Account, term: str, text: str, now: datetime) -> None:
    """Refuse a day on which what a migration buys may not end (900291, 900292)."""
    try:
        wanted = parse_moment(text).date()
    except ValueError as error:
        raise Refusal(900242) from error
    latest = last_day(now.date(), term)
    if latest is None or not now.date() < wanted <= latest or is_late(term, wanted):
        raise Refusal(900291)
    if not allows(account, term, wanted, now):
        raise Refusal(900292)


def ends_alone(account: Account, item: Subscription, term: str, wanted: date) -> bool:
    """Whether a next term of ``item`` would end neither with a month nor with another subscription."""
    others = (one for one in account.subscriptions.values() if one.id != item.id)
    shared = {one.last_day for one in others if _may_lead(one, term)}
    return wanted != _month_end(wanted) and wanted not in shared


def is_late(term: str, wanted: date) -> bool:
    """Whether a monthly term would end on one of the days on which it may not (rule coterminosity_monthly)."""
    return not _fits(wanted, term)


def _may_lead(item: Subscription, term: str) -> bool:
    """A year is not aligned with a month; trials, software and what is not active lead nobody."""
    seats = item.item.product_type == "OnlineServicesNCE"
    return (
        seats
        and item.status == "active"
        and not item.is_trial
        and (term == "P1M" or item.item.term != "P1M")
    )


def _fits(day: date, term: str) -> bool:
    """A monthly term ends on the 28th, 29th or 30th only where that is the end of the month."""
    return term != "P1M" or day.day not in _LATE_DAYS or day == _month_end(day)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _month_ends(today: date, latest: date) -> list[date]:
    found, month = [], _month_end(today)
    while month <= latest:
        if month > today:
            found.append(month)
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        month = _month_end(following)
    return found


def _text(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _wire(day: date, kind: str, ids: list[str] | None = None) -> JSON:
    led: JSON = {"cotermSubscriptionIds": ids} if ids else {}
    return {
        "allowedCustomTermEndDateType": kind,
        **led,
        "allowedCustomTermEndDate": _text(day),
    }
