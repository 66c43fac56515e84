"""Writing to a customer about its terms, as a change that a batch can ask for many times.

Nothing goes to Partner Center. The mail and the notes of it are written in the transaction that settles the change, so a
worker that dies writes neither twice nor half.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers import queries as customers
from customers.asking.submitting import TARGET, target
from customers.models import Customer
from orders.models import Subscription
from orders.renewals import queries, writing
from orders.renewals.writing import Wish
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.notifications import letters
from portal.outbox import commands, verbs
from portal.outbox.attempt import Attempt
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Bulk, Parameters, Plan, Told
from portal.outbox.commands import Asked, Draft
from portal.outbox.models import Command
from portal.ui import formats
from portal.ui.sentences import Sentence

WRITE = "customer.write_about_terms"
FIELDS = {
    "to": gettext_lazy("To"),
    "language": gettext_lazy("Language"),
    "about": gettext_lazy("Subscriptions"),
}


def targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    """The customers with ``contact`` and ``terms``: what a letter can be about, by letter. Five queries."""
    rows = customers.customers(scope).filter(pk__in=ids).prefetch_related("reseller_links")
    found = {row.pk: row for row in rows}
    contacts = writing.contacts(scope, found.values())
    ending = queries.ending(scope).filter(customer__in=found)
    terms = {slug: list(writing.about(scope, slug, ending)) for slug in writing.SLUGS}
    for pk, row in found.items():
        vars(row)["contact"] = contacts[pk]
        vars(row)["terms"] = {
            slug: [term for term in listed if term.customer_id == pk]
            for slug, listed in terms.items()
        }
    return found


def check(found: Model, parameters: Parameters, _coming: Mapping[str, Any]) -> Plan:
    """Who gets it and about how many terms. Raises RefusedError: nothing to write about, written, no address."""
    customer = cast("Customer", found)
    rows = _open(vars(customer)["terms"][parameters["slug"]], parameters)
    contact = vars(customer)["contact"]
    if not contact.to:
        raise RefusedError("no_address", Sentence("renewals.no_address"))
    language = letters.language_of(contact.language)
    return Plan({}, {"to": contact.to, "language": language, "about": len(rows)})


def ask(actor: Actor, scope: Scope, found: Model, parameters: Parameters, asked: Asked) -> Command:
    """Keep the change. Raises as ``check`` and ``commands.submit``."""
    customer = cast("Customer", found)
    require(scope, writing.RIGHT, customer)
    if earlier := commands.earlier(actor, WRITE, customer, asked.submission):
        return earlier
    plan = check(customer, parameters, {})
    rows = _open(vars(customer)["terms"][parameters["slug"]], parameters)
    draft = Draft(
        verb=WRITE,
        connection=customer.connection,
        reseller_id=seller(rows),
        customer_pc_id=customer.pc_id,
        customer_name=customer.name,
        target_pc_id=customer.pc_id,
        target_label=customer.name,
        parameters={"slug": parameters["slug"], "subscriptions": [row.pk for row in rows]},
        before={},
        after=dict(plan.after),
        reason=asked.reason,
        submission=asked.submission,
        batch_id=asked.batch_id,
    )
    return commands.submit(actor, scope, draft, customer)


def seller(rows: Sequence[Subscription]) -> int | None:
    """The one reseller who sells all of these, None where there are several or the partner itself."""
    found = {row.reseller_id for row in rows}
    return found.pop() if len(found) == 1 else None


def _open(terms: Sequence[Subscription], parameters: Parameters) -> list[Subscription]:
    """Of the terms that were selected those to write about. Raises RefusedError where there are none."""
    chosen = set(parameters["subscriptions"])
    rows = [row for row in terms if row.pk in chosen]
    fresh = [row for row in rows if not writing.is_written(row, parameters["slug"])]
    if fresh:
        return fresh[: writing.MOST]
    if rows:
        raise RefusedError(
            "already_written", Sentence("renewals.already_written", **writing.last(rows))
        )
    raise RefusedError("nothing_to_write", Sentence("renewals.nothing_to_write"))


def deliver(attempt: Attempt) -> verbs.Delivered:
    """Write it when the change is settled."""
    command = attempt.command
    return verbs.Applied(save=lambda: _write(command))


def settle(_attempt: Attempt) -> verbs.Found:
    """Nothing has left before it is settled."""
    return verbs.NotApplied()


def _write(command: Command) -> dict[str, Any]:
    """The mail about those terms that are still to be written about; how many these are."""
    customer = Customer.objects.select_related("connection").get(pk=command.target_id)
    slug, scope = str(command.parameters["slug"]), Scope.for_user(command.actor)
    writing.lock(customer)
    chosen = queries.ending(scope).filter(pk__in=command.parameters["subscriptions"])
    rows = [row for row in writing.about(scope, slug, chosen) if not writing.is_written(row, slug)]
    if rows:
        wish = Wish(slug, str(command.after["language"]), str(command.after["to"]))
        writing.write_down(Actor.for_user(command.actor), customer, rows, wish)
    return {"about": len(rows)}


def show(name: str, value: Any) -> str:
    """A field in words."""
    if name == "language":
        return formats.language(str(value))
    if name == "about":
        told = ngettext("%(n)s subscription", "%(n)s subscriptions", int(value))
        return told % {"n": formats.count(int(value))}
    return str(value)


def _tell(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows), "letter": letters.labels()[str(parameters["slug"])]}
    return Told(
        title=ngettext(
            "Write to %(n)s customer: %(letter)s", "Write to %(n)s customers: %(letter)s", rows
        )
        % numbers,
        button=ngettext("Send %(n)s mail", "Send %(n)s mails", rows) % numbers,
        undo=_("Cannot be undone: a mail that was sent stays sent."),
        points=[
            _("Each customer gets one mail in its language, with all of its selected terms."),
            _("A term of which it was written already is left out."),
            _(
                "Confirmed means that the mail waits to be sent; the list of mails tells how it went."
            ),
        ],
    )


def _hint(command: Command) -> verbs.Hint:
    """A confirmed change has put the mail into the queue: how it went stands elsewhere."""
    return verbs.Hint(
        title=_("The mail waits to be sent, or was sent"),
        text=_("The list of mails tells how it went."),
        url=f"{reverse('renewal_letters')}?{urlencode({'q': command.customer_name})}",
        button=_("Mails about renewals"),
    )


def register() -> None:
    """Enter the verb, for many; called from the room's setup."""
    step = verbs.Step(name="write_mail", deliver=deliver, settle=settle)
    verbs.register(
        verbs.Verb(
            name=WRITE,
            label=gettext_lazy("Write about renewals"),
            right=writing.RIGHT,
            target_type=TARGET,
            target=target,
            steps=(step,),
            fields=FIELDS,
            target_url="customer",
            show=show,
            personal=frozenset({"to"}),
            hint=_hint,
        )
    )
    registry.register(Bulk(verb=WRITE, targets=targets, check=check, ask=ask, tell=_tell))
