"""Tagging customers and writing notes on them. What resellers write their distributor sees, not the reverse."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from customers.models import Customer, Note, Tag
from customers.models.note import LONGEST_NOTE, LONGEST_TAG
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity import log
from portal.activity.actors import Actor

RIGHT = "tags.edit"


def add_tag(actor: Actor, scope: Scope, customer: Customer, name: str) -> Tag:
    """Tag a customer; the same word again is the same tag. Raises RefusedError, Http404, PermissionDenied."""
    require(scope, RIGHT, customer)
    word = " ".join(name.split())
    if not word or len(word) > LONGEST_TAG or "," in word:
        told = _("Write a word of at most %(most)s characters, without a comma.")
        raise RefusedError("tag", told % {"most": LONGEST_TAG}, "name")
    place = {"customer": customer, "reseller_id": reseller_of(scope, customer)}
    if found := Tag.objects.filter(**place, name__iexact=word).first():
        return found
    made = Tag.objects.create(
        **place, connection=customer.connection, name=word, author_id=actor.user_id
    )
    _record("customer.tagged", actor, customer, made.reseller_id, {"tag": word})
    return made


def remove_tag(actor: Actor, scope: Scope, customer: Customer, tag: Tag) -> None:
    """Take a tag off. Raises Http404, PermissionDenied."""
    require(scope, RIGHT, customer)
    _record("customer.untagged", actor, customer, tag.reseller_id, {"tag": tag.name})
    tag.delete()


def add_note(actor: Actor, scope: Scope, customer: Customer, text: str) -> Note:
    """Write a note. Its text stays out of the log. Raises RefusedError, Http404, PermissionDenied."""
    require(scope, RIGHT, customer)
    text = text.strip()
    if not text or len(text) > LONGEST_NOTE:
        told = _("Write a text of at most %(most)s characters.") % {"most": LONGEST_NOTE}
        raise RefusedError("note", told, "text")
    made = Note.objects.create(
        connection=customer.connection,
        customer=customer,
        reseller_id=reseller_of(scope, customer),
        author_id=actor.user_id,
        text=text,
    )
    _record("customer.noted", actor, customer, made.reseller_id, {})
    return made


def remove_note(actor: Actor, scope: Scope, customer: Customer, note: Note) -> None:
    """Delete one's own note. Raises Http404, PermissionDenied."""
    require(scope, RIGHT, customer)
    if note.author_id != actor.user_id:
        raise PermissionDenied
    _record("customer.note_removed", actor, customer, note.reseller_id, {})
    note.delete()


def reseller_of(scope: Scope, customer: Customer) -> int | None:
    """Whose words these are: one's own reseller's; None for the partner's people."""
    if scope.sees_whole(customer.connection_id):
        return None
    links = customer.reseller_links.filter(gone_at=None, reseller_id__in=scope.reseller_ids)
    return links.order_by("reseller_id").values_list("reseller_id", flat=True).first()


def _record(
    kind: str, actor: Actor, customer: Customer, reseller_id: int | None, told: dict[str, str]
) -> None:
    log.record(
        kind,
        actor=actor,
        connection=customer.connection,
        reseller_id=reseller_id,
        target=("customer", customer.pk, customer.name),
        customer_pc_id=customer.pc_id,
        parameters=told,
    )
