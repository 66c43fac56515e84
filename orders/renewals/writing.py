"""Mails to a customer about its terms that end: what becomes of them is asked, and what was decided confirmed.

The texts are editable, for all connections or one, in each language of the portal (``portal.notifications.letters``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import BillingProfile, Customer
from orders import actions, term_end
from orders.models import Subscription, TermLetter
from orders.renewals import lifecycle, queries
from portal.access.guard import require
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity import log
from portal.activity.actors import Actor
from portal.notifications import letters
from portal.notifications.letters import Letter, Place, Text
from portal.notifications.models import Mail, MailState
from portal.notifications.telling import News, letter
from portal.ui import formats, sentences
from portal.ui.sentences import Facts, Sentence

if TYPE_CHECKING:
    from django.utils.functional import Promise

QUESTION = "renewal.question"
CONFIRMATION = "renewal.confirmation"
SLUGS = (QUESTION, CONFIRMATION)
WRITTEN = "customer.renewals_written"
RIGHT = actions.RIGHTS[actions.SET_TERM_END]
FOLDER = Path(__file__).parent / "mails"
AHEAD = 90
"""Days within which a term must end to stand in a mail."""
MOST = 50


def _written(facts: Facts) -> str:
    when = formats.local(parse_datetime(str(facts["at"])))
    return _("Written already, to %(to)s: %(when)s.") % {"to": facts["to"], "when": when}


WORDS: "Mapping[str, str | Promise | Callable[[Facts], str]]" = {
    "renewals.nothing_to_write": gettext_lazy("No term of this customer is to be written about."),
    "renewals.already_written": _written,
    "renewals.no_address": gettext_lazy(
        "No e-mail address of this customer is known. Its profile can be read and corrected."
    ),
}

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
    """Enter the letters and what is said of them; called once from the room's setup."""
    sentences.register(WORDS)
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


@dataclass(frozen=True)
class Contact:
    """Whom a customer's mails go to, and in which language; "" for what is not known."""

    to: str = ""
    language: str = ""


@dataclass(frozen=True)
class Wish:
    """Which letter, in which language, to whom; ``again``: also about terms of which it was written already."""

    slug: str
    language: str
    to: str
    again: bool = False


def about(scope: Scope, slug: str, rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Of rows with ``decision`` what a letter is about: undecided terms for a question, decided ones for a confirmation.

    Each with ``written``, the newest mail of this letter about its term.
    """
    rows = rows.filter(queries.UNDECIDED if slug == QUESTION else ~queries.UNDECIDED)
    return queries.with_written(scope, rows, slug).order_by("commitment_end_date", "pk")


def of_customer(scope: Scope, customer: Customer, slug: str) -> list[Subscription]:
    """What a customer can be written about: its terms that end within ``AHEAD`` days."""
    rows = queries.within(queries.ending(scope), AHEAD).filter(customer=customer)
    return list(about(scope, slug, rows)[:MOST])


def is_written(row: Subscription, slug: str) -> bool:
    """Whether a row of ``about`` needs no further mail: one has gone out, about the decision that holds."""
    told, decision = vars(row)["written"], vars(row)["decision"]
    if told is None or told["state"] == MailState.FAILED:
        return False
    return slug == QUESTION or str(told["at"]) >= str(decision["kept"])


def text_of(actor: Actor, customer: Customer, rows: Sequence[Subscription], wish: Wish) -> Text:
    """The mail as it would be sent."""
    language = letters.language_of(wish.language)
    found = letters.text_of(letters.get(wish.slug), language, customer.connection_id)
    with translation.override(language):
        return found.filled(_values(actor, customer, rows, wish.slug))


def send(actor: Actor, scope: Scope, customer: Customer, wish: Wish) -> Mail:
    """Write to one customer about its terms that end. Raises RefusedError, PermissionDenied."""
    require(scope, RIGHT, customer)
    with transaction.atomic():
        lock(customer)
        rows = of_customer(scope, customer, wish.slug)
        wanted = rows if wish.again else [row for row in rows if not is_written(row, wish.slug)]
        if not rows:
            raise RefusedError("nothing_to_write", Sentence("renewals.nothing_to_write"))
        if not wanted:
            raise RefusedError(
                "already_written", Sentence("renewals.already_written", **last(rows))
            )
        return write_down(actor, customer, wanted, wish)


def lock(customer: Customer) -> None:
    """Let nobody else write to this customer until the transaction ends: what is written is then seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"renewals:letters:{customer.pk}"],
        )


def last(rows: Sequence[Subscription]) -> dict[str, str]:
    """When and to whom the newest mail about these went."""
    told = max((vars(row)["written"] for row in rows), key=lambda one: str(one["at"]))
    return {"to": told["to"], "at": str(told["at"])}


def write_down(actor: Actor, customer: Customer, rows: Sequence[Subscription], wish: Wish) -> Mail:
    """Put one mail into the queue and note it for each of the terms, in the caller's transaction."""
    language = letters.language_of(wish.language)
    with translation.override(language):
        values = _values(actor, customer, rows, wish.slug)
    news = News(kind=wish.slug, parameters=values, connection_id=customer.connection_id)
    made = letter(wish.to, language, news)
    TermLetter.objects.bulk_create(
        [_noted(actor, row, wish, made) for row in rows],
        update_conflicts=True,
        unique_fields=["subscription", "ends_on", "slug"],
        update_fields=["to", "language", "mail", "written_by", "written_at", "reseller"],
    )
    sellers = {row.reseller_id for row in rows}
    log.record(
        WRITTEN,
        actor=actor,
        connection=customer.connection,
        reseller_id=sellers.pop() if len(sellers) == 1 else None,
        target=("customer", customer.pk, customer.name),
        customer_pc_id=customer.pc_id,
        parameters={"letter": wish.slug},
    )
    return made


def _noted(actor: Actor, row: Subscription, wish: Wish, made: Mail) -> TermLetter:
    return TermLetter(
        connection_id=row.connection_id,
        reseller_id=row.reseller_id,
        subscription=row,
        ends_on=lifecycle.last_day(row),
        slug=wish.slug,
        to=wish.to,
        language=made.language,
        mail=made,
        written_by_id=actor.user_id,
        written_at=timezone.now(),
    )


def contacts(scope: Scope, customers: Iterable[Customer]) -> dict[int, Contact]:
    """By customer the address and the language of its billing profile, else those of the customer itself. One query."""
    listed = {customer.pk: customer for customer in customers}
    rows = scope.filter(BillingProfile.objects.filter(customer__in=listed, gone_at=None))
    told = {row.customer_id: row.list_payload or {} for row in rows}
    return {pk: _contact(customer, told.get(pk, {})) for pk, customer in listed.items()}


def _contact(customer: Customer, billing: Mapping[str, Any]) -> Contact:
    language = billing.get("language") or billing.get("culture")
    spoken = str(language or customer.language or customer.culture)
    return Contact(str(billing.get("email") or customer.email), spoken[:2].lower())


def _values(
    actor: Actor, customer: Customer, rows: Sequence[Subscription], slug: str
) -> dict[str, str]:
    days = [day for row in rows if (day := lifecycle.last_day(row))]
    return {
        "customer": customer.name,
        "subscriptions": "\n".join(f"- {_line(row, slug)}" for row in rows),
        "answer_by": formats.date_short(min(days, default=None)),
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
    told = {
        "rolls": _("goes on month by month"),
        "renews": _("renews by itself"),
        "ends": _("ends"),
    }
    return told[lifecycle.without_choice(row)]
