"""The kinds of alerts with their words: of one subscription each, or of so many where there are more than a few."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.notifications import kinds
from portal.notifications.models import Channel
from portal.ui import formats

UNDECIDED = "renewal.undecided"
RENEWED = "renewal.idle"
WINDOW = "subscription.window"
Words = Mapping[str, str]


def register() -> None:
    """Enter the kinds; called from the room's setup."""
    for slug, label, words in (
        (UNDECIDED, gettext_lazy("A term ends soon and nothing is decided"), _undecided),
        (
            RENEWED,
            gettext_lazy("A subscription was renewed with idle seats that can be taken back"),
            _taken_back,
        ),
        (WINDOW, gettext_lazy("Seats can be taken back for less than three days"), _taken_back),
    ):
        kinds.register(
            kinds.Kind(
                slug=slug,
                label=label,
                subject="{subject}",
                text="{told}",
                default=Channel.DIGEST.value,
                words=words,
            )
        )


def _undecided(told: Mapping[str, Any]) -> Words:
    day = formats.date_short(dt.date.fromisoformat(str(told["closes"])))
    if number := told.get("number"):
        subject = ngettext(
            "%(n)s term ends soon, nothing is decided",
            "%(n)s terms end soon, nothing is decided",
            number,
        )
        first = _("The first can be decided on until %(when)s.")
        return {"subject": subject % {"n": formats.count(number)}, "told": first % {"when": day}}
    named = {"product": told["product"], "customer": told["customer"], "day": day}
    lines = [_seats(told), _without_choice(str(told["choice"])), _idle(told)]
    return {
        "subject": _("Decide by %(day)s: %(product)s, %(customer)s") % named,
        "told": " ".join(filter(None, lines)),
    }


def _without_choice(choice: str) -> str:
    """What happens at the end if nobody decides."""
    if choice == "rolls":
        return _("Without a decision it goes on month by month.")
    if choice == "renews":
        return _("Without a decision it renews for another term.")
    return _("Without a decision it ends.")


def _taken_back(told: Mapping[str, Any]) -> Words:
    when = formats.when(parse_datetime(str(told["closes"])))
    if number := told.get("number"):
        subject = ngettext(
            "Seats of %(n)s subscription can still be taken back",
            "Seats of %(n)s subscriptions can still be taken back",
            number,
        )
        first = _("The first window closes: %(when)s.")
        return {"subject": subject % {"n": formats.count(number)}, "told": first % {"when": when}}
    named = {"product": told["product"], "customer": told["customer"]}
    named["n"] = formats.count(told["seats"])
    subject = ngettext(
        "%(n)s seat of %(product)s, %(customer)s, can still be taken back",
        "%(n)s seats of %(product)s, %(customer)s, can still be taken back",
        told["seats"],
    )
    until = _("The window closes: %(when)s.") % {"when": when}
    return {"subject": subject % named, "told": " ".join(filter(None, [until, _idle(told)]))}


def _seats(told: Mapping[str, Any]) -> str:
    number = told["seats"]
    if number is None:
        return ""
    return ngettext("%(n)s seat.", "%(n)s seats.", number) % {"n": formats.count(number)}


def _idle(told: Mapping[str, Any]) -> str:
    free = told.get("idle")
    if not free:
        return ""
    return ngettext("%(n)s seat is idle.", "%(n)s seats are idle.", free) % {
        "n": formats.count(free)
    }
