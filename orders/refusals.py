"""Why a verb cannot be asked of a subscription, in words; rules and files say it by name and facts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import lots
from portal.ui import formats, sentences, statuses
from portal.ui.sentences import Facts, Sentence

if TYPE_CHECKING:
    from django.utils.functional import Promise

Words = Mapping[str, "str | Promise | Callable[[Facts], str]"]


def say(name: str, **facts: Any) -> Sentence:
    """A sentence of this app."""
    return Sentence(f"orders.{name}", **facts)


def register() -> None:
    """Enter the words; called from OrdersConfig.ready."""
    sentences.register({f"orders.{name}": words for name, words in WORDS.items()})


def facts_of(schedule: lots.Schedule) -> dict[str, Any]:
    """A schedule as facts."""
    starts = schedule.starts.isoformat() if schedule.starts else None
    return vars(schedule) | {"starts": starts}


def _seen(facts: Facts) -> str:
    seen, now = facts["seen"], facts["now"]
    if seen < 0:  # no page has shown that
        told = ngettext(
            "There is %(now)s seat now. Look at it again.",
            "There are %(now)s seats now. Look at them again.",
            now or 0,
        )
    else:
        told = ngettext(
            "There was %(seen)s seat when you opened this, now it is %(now)s.",
            "There were %(seen)s seats when you opened this, now it is %(now)s.",
            seen,
        )
    return told % {"seen": formats.count(seen), "now": formats.count(now)}


def _too_small(facts: Facts) -> str:
    return ngettext(
        "A subscription has at least 1 seat. There is %(present)s now.",
        "A subscription has at least 1 seat. There are %(present)s now.",
        facts["present"],
    ) % {"present": formats.count(facts["present"])}


def _same_number(facts: Facts) -> str:
    return ngettext(
        "There is %(present)s seat already. Write another number.",
        "There are %(present)s seats already. Write another number.",
        facts["present"],
    ) % {"present": formats.count(facts["present"])}


def _not_suspended(facts: Facts) -> str:
    return _("Only a suspended subscription can be reactivated. This one is: %(status)s.") % {
        "status": statuses.status(facts["status"]).word
    }


def _ended(facts: Facts) -> str:
    return _("A subscription with the status %(status)s cannot be changed.") % {
        "status": statuses.status(facts["status"]).word
    }


def _scheduled(facts: Facts) -> str:
    return _(
        "A change is scheduled (%(schedule)s). A change in mid-term would delete it."
        " Cancel the schedule in Partner Center first."
    ) % {"schedule": _schedule(facts)}


def _schedule(facts: Facts) -> str:
    parts = []
    quantity = facts["quantity"]
    if quantity is not None:
        seats = ngettext("%(n)s seat", "%(n)s seats", quantity)
        parts.append(seats % {"n": formats.count(quantity)})
    if facts["term"]:
        parts.append(formats.term(facts["term"]))
    if facts["billing_cycle"]:
        parts.append(formats.billing(facts["billing_cycle"]))
    if facts["action"]:
        parts.append(facts["action"])
    if facts["starts"]:
        parts.append(_("after %(day)s") % {"day": formats.date_short(_day(facts["starts"]))})
    return ", ".join(parts)


def _not_refundable(facts: Facts) -> str:
    fixed = (
        _("The others are fixed until the term ends on %(day)s.")
        % {"day": formats.date_short(_day(facts["ends"]))}
        if facts["ends"]
        else _("The others are fixed until the term ends.")
    )
    free = facts["free"]
    if not free:
        none = _("No seat can be taken back now.")
        return f"{none} {fixed}"
    most = ngettext(
        "At most %(n)s seat can be taken back now.",
        "At most %(n)s seats can be taken back now.",
        free,
    ) % {"n": formats.count(free)}
    return f"{most} {fixed}"


def _day(text: str) -> date | datetime:
    return (parse_datetime(text) if "T" in text else None) or date.fromisoformat(text[:10])


WORDS: Words = {
    "changed_meanwhile": _seen,
    "quantity_too_small": _too_small,
    "quantity_unchanged": _same_number,
    "keeps_seats": gettext_lazy("A suspended subscription keeps its seats. Reactivate it first."),
    "no_seats": gettext_lazy("This subscription is not sold by the seat."),
    "suspended": gettext_lazy("This subscription is suspended already."),
    "not_suspended": _not_suspended,
    "name_unwritable": gettext_lazy(
        "The name has a character that cannot be shown. Write it again by hand."
    ),
    "name_missing": gettext_lazy("Write the new name."),
    "name_too_long": gettext_lazy("A name has at most %(n)s characters. This one has %(length)s."),
    "name_unchanged": gettext_lazy("It has this name already. Write another one."),
    "not_new_commerce": gettext_lazy(
        "Only new-commerce subscriptions sold by the seat have these choices."
    ),
    "does_not_renew": gettext_lazy("A suspended subscription does not renew. Reactivate it first."),
    "choice_unknown": gettext_lazy("Choose what happens at the end."),
    "trial": gettext_lazy("A trial has no Extended Service Term."),
    "choice_unchanged": gettext_lazy("This is what happens already."),
    "connection_retired": gettext_lazy("Its connection is retired: nothing is sent any more."),
    "gone": gettext_lazy("Partner Center no longer has this subscription."),
    "ended": _ended,
    "scheduled_change": _scheduled,
    "not_refundable": _not_refundable,
    "digits": gettext_lazy("Write digits only: a total (12) or a difference (+5, -3)."),
    "too_many": gettext_lazy("A number of seats has at most nine digits."),
    "no_id": gettext_lazy("“%(text)s” is no subscription ID. It looks like 6a8f3c9e-…."),
    "several_connections": gettext_lazy(
        "This ID stands in several connections. Rename it on its own page."
    ),
    "not_seen": gettext_lazy("You see no subscription with this ID. Check it."),
}
