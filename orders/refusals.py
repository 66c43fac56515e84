"""Why a verb cannot be asked of a subscription, in words; rules and files say it by name and facts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import lots
from orders.scheduling import schedules
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
        " Have it put back with the change, or cancel the schedule first."
    ) % {"schedule": schedule_words(facts)}


def _scheduled_end(facts: Facts) -> str:
    return _("A change is scheduled (%(schedule)s). Cancel the schedule first.") % {
        "schedule": schedule_words(facts)
    }


def schedule_words(facts: Facts) -> str:
    """A schedule as ``facts_of`` keeps it, with the day after which it holds."""
    told = {**facts, "cycle": facts["billing_cycle"]}
    parts = [schedules.words(told)]
    if facts["starts"]:
        parts.append(_("after %(day)s") % {"day": formats.date_short(_day(facts["starts"]))})
    return ", ".join(part for part in parts if part)


def _too_many_to_move(facts: Facts) -> str:
    return ngettext(
        "Between 1 and %(most)s seat can be upgraded.",
        "Between 1 and %(most)s seats can be upgraded.",
        facts["most"],
    ) % {"most": formats.count(facts["most"])}


def _cycle_too_long(facts: Facts) -> str:
    return _("A term of %(term)s cannot be %(cycle)s.") % {
        "term": formats.term(facts["term"]),
        "cycle": formats.billing(facts["cycle"]),
    }


def _shorter(facts: Facts) -> str:
    return _("In mid-term a term can only get longer. It is %(term)s now.") % {
        "term": formats.term(facts["term"])
    }


def _window_closed(facts: Facts) -> str:
    if not facts["until"]:
        return _("Partner Center allows no cancellation of this subscription.")
    return _(
        "It could be cancelled until %(when)s. Now it can be set to end with its term: see End of term."
    ) % {"when": formats.when(parse_datetime(facts["until"]))}


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
    "term_too_old": gettext_lazy(
        "The older lifecycle holds for this term: it cannot go on month by month."
    ),
    "choice_unchanged": gettext_lazy(
        "This is what happens already. To keep who decided it, write who and when."
    ),
    "connection_retired": gettext_lazy("Its connection is retired: nothing is sent any more."),
    "gone": gettext_lazy("Partner Center no longer has this subscription."),
    "savings_plan": gettext_lazy("Savings plans are changed in the Azure portal."),
    "ended": _ended,
    "scheduled_change": _scheduled,
    "scheduled_end": _scheduled_end,
    "not_refundable": _not_refundable,
    "needs_auto_renew": gettext_lazy(
        "A scheduled change needs automatic renewal. Choose “Renew for another term” at End of term first."
    ),
    "no_next_term": gettext_lazy(
        "Partner Center gives no end of term, so nothing can be scheduled."
    ),
    "trial_schedule": gettext_lazy("A trial is converted, not rescheduled."),
    "next_as_now": gettext_lazy("The next term would be as this one. Change something."),
    "ends_outside": gettext_lazy(
        "The next term must end after the present one, and not later than a whole term would."
    ),
    "ends_alone": gettext_lazy(
        "A term ends with a month, or with another subscription of the customer. Choose such a day."
    ),
    "schedule_unchanged": gettext_lazy("This is scheduled already."),
    "not_scheduled": gettext_lazy("No change is scheduled."),
    "term_unknown": gettext_lazy("This product is not sold for that term and billing."),
    "cycle_too_long": _cycle_too_long,
    "term_shorter": _shorter,
    "term_same": gettext_lazy("This is its term already."),
    "cycle_same": gettext_lazy("It is billed this way already."),
    "trial_terms": gettext_lazy("The term and billing of a trial cannot be changed."),
    "window_closed": _window_closed,
    "target_missing": gettext_lazy("Choose what it shall become."),
    "on_its_own": gettext_lazy(
        "Only seats of new commerce are upgraded together. Upgrade this one on its own page."
    ),
    "other_target": gettext_lazy("Partner Center does not offer this product for it."),
    "other_way": gettext_lazy("Its seats cannot be moved in this way."),
    "too_many_to_move": _too_many_to_move,
    "not_active": gettext_lazy("Only an active subscription can be upgraded."),
    "no_marketplace": gettext_lazy("Only Azure Marketplace subscriptions have this switch."),
    "no_azure": gettext_lazy("Only an Azure subscription can be registered."),
    "no_upgrade": gettext_lazy("There is nothing that it could be upgraded to."),
    "on_order": gettext_lazy("Software is cancelled on its order."),
    "digits": gettext_lazy("Write digits only: a total (12) or a difference (+5, -3)."),
    "too_many": gettext_lazy("A number of seats has at most nine digits."),
    "no_id": gettext_lazy("“%(text)s” is no subscription ID. It looks like 6a8f3c9e-…."),
    "no_choice": gettext_lazy(
        "“%(text)s” is no choice. Write renew, cancel, or extended to go on month by month."
    ),
    "no_term": gettext_lazy("“%(text)s” is no term. Write P1M, P1Y or P3Y."),
    "no_billing": gettext_lazy("“%(text)s” is no billing. Write monthly, annual or triennial."),
    "no_day": gettext_lazy("“%(text)s” is not a day. Write 2026-12-24 or 24/12/2026."),
    "day_to_come": gettext_lazy("Write a day that has been."),
    "too_long": gettext_lazy("Write at most %(n)s characters."),
    "several_connections": gettext_lazy(
        "This ID stands in several connections. Rename it on its own page."
    ),
    "not_seen": gettext_lazy("You see no subscription with this ID. Check it."),
}
