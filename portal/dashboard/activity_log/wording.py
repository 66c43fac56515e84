"""An entry in words: what happened, to what, from where, which values changed."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.activity import kinds
from portal.activity.models import AuditRecord, Certainty, Entry, Happening, Via
from portal.dashboard.activity_log import values
from portal.outbox import verbs
from portal.ui import statuses

VIA = {
    Via.WEB: gettext_lazy("Portal"),
    Via.API: gettext_lazy("API"),
    Via.WORKER: gettext_lazy("Portal, by itself"),
    Via.COMMAND: gettext_lazy("Command line"),
}
AREAS = {
    "account": gettext_lazy("Accounts"),
    "approval_rule": gettext_lazy("Approval rules"),
    "azure_subscription": gettext_lazy("Azure subscriptions"),
    "batch": gettext_lazy("Batches"),
    "cart": gettext_lazy("Carts"),
    "change": gettext_lazy("Changes"),
    "connection": gettext_lazy("Connections"),
    "customer": gettext_lazy("Customers"),
    "customer_user": gettext_lazy("Customers' users"),
    "external_id": gettext_lazy("External IDs"),
    "invitation": gettext_lazy("Invitations"),
    "invoice": gettext_lazy("Invoices"),
    "licence": gettext_lazy("Licences"),
    "mail_template": gettext_lazy("Mail texts"),
    "membership": gettext_lazy("Rights and roles"),
    "migration_plan": gettext_lazy("Planned migrations"),
    "order": gettext_lazy("Orders"),
    "partner_center": gettext_lazy("Partner Center's records"),
    "price_book": gettext_lazy("Price books"),
    "price_rule": gettext_lazy("Price rules"),
    "secret": gettext_lazy("Passwords shown"),
    "session": gettext_lazy("Sign-ins"),
    "subscription": gettext_lazy("Subscriptions"),
    "sync": gettext_lazy("Sync"),
    "token": gettext_lazy("API tokens"),
    "transfer": gettext_lazy("Transfers"),
    "user": gettext_lazy("People"),
    "webhook": gettext_lazy("Webhooks"),
}

# Operation types of the audit records (auditing-resources); the rest is shown by its name.
OPERATIONS: dict[str, Promise] = {
    "add_customer": gettext_lazy("Customer added"),
    "add_user_member": gettext_lazy("User added to a role"),
    "create_customer_user": gettext_lazy("Customer user created"),
    "create_new_commerce_migration": gettext_lazy("Migration to new commerce asked for"),
    "create_order": gettext_lazy("Order created"),
    "create_partner_relationship": gettext_lazy("Reseller relationship created"),
    "create_transfer": gettext_lazy("Transfer asked for"),
    "delete_customer": gettext_lazy("Customer deleted"),
    "delete_customer_user": gettext_lazy("Customer user deleted"),
    "granular_admin_relationship_activated": gettext_lazy("Permission in effect"),
    "granular_admin_relationship_approved": gettext_lazy("Permission approved by the customer"),
    "granular_admin_relationship_cleaned_up": gettext_lazy("Permission removed from the list"),
    "granular_admin_relationship_expired": gettext_lazy("Permission expired"),
    "granular_admin_relationship_terminated": gettext_lazy("Permission ended"),
    "remove_partner_customer_relationship": gettext_lazy("Customer relationship removed"),
    "remove_partner_relationship": gettext_lazy("Reseller relationship removed"),
    "remove_user_member": gettext_lazy("User removed from a role"),
    "reset_customer_user_password": gettext_lazy("Password of a customer user reset"),
    "restore_customer_user": gettext_lazy("Customer user restored"),
    "update_customer_billing_profile": gettext_lazy("Customer billing profile changed"),
    "update_customer_partner_contract_company_name": gettext_lazy("Customer renamed"),
    "update_customer_qualification": gettext_lazy("Customer qualification changed"),
    "update_customer_spending_budget": gettext_lazy("Spending budget changed"),
    "update_customer_user": gettext_lazy("Customer user changed"),
    "update_customer_user_licenses": gettext_lazy("User licences changed"),
    "update_customer_user_principal_name": gettext_lazy("User name of a customer user changed"),
    "update_order": gettext_lazy("Order changed"),
    "update_subscription": gettext_lazy("Subscription changed"),
    "update_transfer": gettext_lazy("Transfer changed"),
    "upgrade_subscription": gettext_lazy("Subscription upgraded"),
}


def what(entry: Entry | Happening) -> str:
    """The entry's kind as a sentence in the reader's language; a record's operation in words."""
    if isinstance(entry, Happening) and entry.is_record:
        return operation(entry.kind.partition(".")[2])
    told = {name: values.word(name, value) for name, value in entry.parameters.items()}
    return kinds.get(entry.kind).text({"target": entry.target_label, **told})


def who(entry: Any) -> str:
    """The doer's present name; the portal where nobody did it. A record names the account itself."""
    if getattr(entry, "is_record", False):
        return entry.who or _("An application")
    if entry.actor_id is None:
        return _("Nobody signed in") if entry.via in {Via.WEB, Via.API} else _("The portal")
    return entry.actor_name or _("A person no longer here")


def made_in(entry: Entry | Happening) -> str:
    """By which door it came."""
    if isinstance(entry, Happening) and entry.is_record:
        return _("Partner Center")
    return str(VIA[Via(entry.via)]) if entry.via in VIA else entry.via


def outcome(entry: Entry | Happening) -> statuses.Status:
    """The state that an entry or a record tells of."""
    if isinstance(entry, Happening) and entry.is_record:
        return statuses.status(entry.status)
    found = kinds.get(entry.kind).outcome
    return statuses.status(found, "record" if found == "done" else "change")


def areas() -> list[tuple[str, str | Promise]]:
    """The parts of the log that can be chosen: first words of the registered kinds."""
    first = {kind.slug.partition(".")[0] for kind in kinds.all_kinds()} | {"partner_center"}
    return sorted(((area, AREAS.get(area, area)) for area in first), key=lambda row: str(row[1]))


def changes(entry: Entry) -> list[tuple[str, object, object]]:
    """(field, before, after) of every value that changed, in words where a verb has them.

    What is only in ``before`` was seen, not changed, unless nothing is left of it afterwards.
    """
    before, after = entry.before or {}, entry.after or {}
    verb = verbs.find(entry.kind.rpartition(".")[0])
    return [
        (_label(entry, verb, name), _value(verb, name, before), _value(verb, name, after))
        for name in after or before
    ]


def values_changed(entry: Entry) -> list[tuple[object, object]]:
    """(before, after) of what changed, for a line that has no room for the fields' names."""
    return [(before, after) for _field, before, after in changes(entry) if entry.before]


def operation(name: str) -> str:
    """An operation of the audit records in words; one that is not known here by its own name."""
    known = OPERATIONS.get(name)
    return str(known) if known else str(capfirst(name.replace("_", " ")))


def operations_matching(text: str) -> list[str]:
    """Kinds of records whose words in the active language hold the text."""
    text = text.casefold()
    return [
        f"partner_center.{name}"
        for name, words in OPERATIONS.items()
        if text in str(words).casefold() or text == name
    ]


def joined(row: Any) -> statuses.Status | None:
    """How sure it is that a record tells of our own entry; None for an entry."""
    return certainty(row.certainty) if row.is_record else None


def certainty(value: str | None) -> statuses.Status:
    """The words of a match's certainty; without a match it was not us."""
    if value is None:
        return statuses.status("not_by_us", "change")
    css = "is-ok" if value == Certainty.SAME else "is-info"
    return statuses.Status(css, Certainty(value).label)


def record_changes(record: AuditRecord) -> list[tuple[str, object, object]]:
    """(property, before, after) as Partner Center recorded them, under its own names."""
    found = record.summary.get("changes") or {}
    return [(name, pair[0], pair[1]) for name, pair in found.items()]


def target_url(entry: Entry) -> str:
    """The page of what the entry is about, "" if it has none."""
    if entry.target_id is None:
        return ""
    try:
        return reverse(entry.target_type, args=[entry.target_id])
    except NoReverseMatch:
        return ""


def _label(entry: Entry, verb: verbs.Verb | None, name: str) -> str:
    known = verb.fields.get(name) if verb else None
    return str(known) if known else values.field(entry.target_type, name)


def _value(verb: verbs.Verb | None, name: str, found: dict[str, Any]) -> object:
    value = found.get(name)
    if value is None or verb is None:
        return values.word(name, value)
    return verb.show(name, value)
