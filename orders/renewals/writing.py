"""Mails to a customer about its terms that end: what becomes of them is asked, and what was decided confirmed.

The texts are editable, for all connections or one, in each language of the portal (``portal.notifications.letters``).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import BillingProfile, Customer
from orders import actions, term_end
from orders.models import Subscription
from orders.renewals import lifecycle, queries
from portal.access.guard import require
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity import log
from portal.activity.actors import Actor
from portal.notifications import letters
from portal.notifications.letters import Letter, Place, Text
from portal.notifications.models import Mail
from portal.notifications.telling import News, letter
from portal.ui import formats

QUESTION = "renewal.question"
CONFIRMATION = "renewal.confirmation"
SLUGS = (QUESTION, CONFIRMATION)
WRITTEN = "customer.renewals_written"
RIGHT = actions.RIGHTS[actions.SET_TERM_END]
FOLDER = Path(__file__).parent / "mails"
AHEAD = 90
"""Days within which a term must end to stand in a mail."""
MOST = 50

_PLACES = (
    Place(name="customer", label=gettext_lazy("Customer"), sample="Contoso"),
    Place(
        name="subscriptions",
        label=gettext_lazy("The subscriptions, one a line"),
        sample="- Microsoft 365 E3, 25, 24 Dec 2026",
        needed=True,
    ),
    Place(
        name="answer_by",
        label=gettext_lazy("The first day on which one ends"),
        sample="24 Dec 2026",
    ),
    Place(name="sender", label=gettext_lazy("Who writes"), sample="Camille Martin"),
)


def register() -> None:
    """Enter the letters; called once from the room's setup."""
    for slug, label in (
        (QUESTION, gettext_lazy("Renewals: what becomes of them?")),
        (CONFIRMATION, gettext_lazy("Renewals: what was decided")),
    ):
        letters.register(
            Letter(
                slug=slug,
                label=label,
                audience=gettext_lazy("Customers"),
                folder=FOLDER,
                places=_PLACES,
            )
        )


def about(scope: Scope, customer: Customer, slug: str) -> list[Subscription]:
    """What a mail is about: undecided terms for a question, decided ones for a confirmation."""
    rows = queries.within(queries.upcoming(scope), AHEAD).filter(customer=customer)
    rows = rows.filter(queries.UNDECIDED if slug == QUESTION else ~queries.UNDECIDED)
    return list(rows.order_by("commitment_end_date", "pk")[:MOST])


def text_of(actor: Actor, customer: Customer, rows: Sequence[Subscription], wish: Any) -> Text:
    """The mail as it would be sent: ``wish`` has ``slug`` and ``language``."""
    language = letters.language_of(wish["language"])
    found = letters.text_of(letters.get(wish["slug"]), language, customer.connection_id)
    with translation.override(language):
        return found.filled(_values(actor, customer, rows, wish["slug"]))


def send(actor: Actor, scope: Scope, customer: Customer, wish: Any) -> Mail:
    """Put the mail into the queue. ``wish``: ``slug``, ``language``, ``to``. Raises RefusedError, PermissionDenied."""
    require(scope, RIGHT, customer)
    rows = about(scope, customer, wish["slug"])
    if not rows:
        raise RefusedError(
            "nothing_to_write", _("No term of this customer is to be written about.")
        )
    language = letters.language_of(wish["language"])
    with translation.override(language):
        values = _values(actor, customer, rows, wish["slug"])
    news = News(kind=wish["slug"], parameters=values, connection_id=customer.connection_id)
    made = letter(wish["to"], language, news)
    log.record(
        WRITTEN,
        actor=actor,
        connection=customer.connection,
        reseller_id=rows[0].reseller_id,
        target=("customer", customer.pk, customer.name),
        customer_pc_id=customer.pc_id,
        parameters={"letter": wish["slug"]},
    )
    return made


def contact(scope: Scope, customer: Customer) -> tuple[str, str]:
    """The e-mail address and the language of its billing profile, "" for what is not known."""
    row = scope.filter(BillingProfile.objects.filter(customer=customer)).first()
    told = (row.list_payload or {}) if row else {}
    language = str(told.get("language") or told.get("culture") or "")[:2].lower()
    return str(told.get("email") or ""), language


def _values(
    actor: Actor, customer: Customer, rows: Sequence[Subscription], slug: str
) -> dict[str, str]:
    first = lifecycle.last_day(rows[0]) if rows else None
    return {
        "customer": customer.name,
        "subscriptions": "\n".join(f"- {_line(row, slug)}" for row in rows),
        "answer_by": formats.date_short(first),
        "sender": str(User.objects.filter(pk=actor.user_id or 0).first() or ""),
    }


def _line(row: Subscription, slug: str) -> str:
    seats = ngettext("%(n)s seat", "%(n)s seats", row.quantity or 0)
    told: Any = getattr(row, "decision", None)
    end = term_end.words(told["choice"]) if told and slug == CONFIRMATION else _without(row)
    day = formats.date_short(lifecycle.last_day(row))
    return ", ".join([str(row), seats % {"n": formats.count(row.quantity)}, day, end])


def _without(row: Subscription) -> str:
    """What happens without an answer, as a customer reads it."""
    choice = lifecycle.chosen(row)
    rolls = choice == term_end.TermEnd.EXTENDED or (
        choice == term_end.OPEN and lifecycle.of(row) is lifecycle.Lifecycle.CHOICES
    )
    if rolls:
        return _("goes on month by month")
    return _("renews by itself") if choice == term_end.TermEnd.RENEW else _("ends")
