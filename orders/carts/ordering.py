"""Asking Partner Center: a check of a cart, and its checkout. Both are Commands; what a person saw goes with them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from orders.carts import contents, problems
from orders.carts.models import Cart, CartLine, CartState
from orders.carts.part import CHECK, CHECKOUT, PLACE, RIGHT
from portal.access.guard import require
from portal.access.models import ResellerMpn
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command


def content(cart: Cart, lines: Sequence[CartLine]) -> str:
    """A short name for exactly what would be ordered, for whom and in whose name."""
    told = [cart.customer_id, cart.reseller_id] + [
        [
            line.catalog_item_id,
            line.quantity,
            line.term,
            line.cycle,
            str(line.end_date),
            line.promotion_id,
            line.attested,
            line.name,
            line.provisioning,
            line.commitment,
            line.more_partner_ids,
        ]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def check(actor: Actor, scope: Scope, cart: Cart, asked: Asked) -> Command:
    """Have Partner Center say what is wrong with its lines; nothing is bought.

    Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError.
    """
    return _submit(actor, scope, cart, CHECK, asked, attested=cart.attested)


@dataclass(frozen=True, kw_only=True)
class Word:
    """What the person confirms: the ``content`` that was seen, "" for whatever there is.

    ``attested``: the reseller on record makes the sale (facts, cart_attestation). ``whole``: all lines in
    one order or none, sent without a cart; for lines of one billing cycle.
    """

    seen: str = ""
    attested: bool = False
    whole: bool = False


def checkout(actor: Actor, scope: Scope, cart: Cart, asked: Asked, word: Word) -> Command:
    """Order it. Raises as ``check``."""
    require(scope, RIGHT, cart)
    verb = PLACE if word.whole else CHECKOUT
    if found := commands.earlier(actor, verb, cart, asked.submission):
        return found
    lines = contents.lines(cart)
    if word.whole and not is_one_order(lines):
        raise RefusedError("whole", _("One order has one billing cycle."), "whole")
    if word.seen and word.seen != content(cart, lines):
        told = _("The cart has changed since you opened it. Look at it again.")
        raise RefusedError("changed", told)
    if cart.reseller_id is not None and not word.attested:
        told = _("Confirm that the indirect reseller makes this sale.")
        raise RefusedError("attested", told, "attested")
    for line in lines:
        if line.sku is not None and line.sku.is_attested and not line.attested:
            told = _("%(product)s: %(problem)s")
            problem = {"product": line.title, "problem": problems.words(problems.ATTEST)}
            raise RefusedError("line_attested", told % problem)
    return _submit(actor, scope, cart, verb, asked, attested=word.attested)


def is_one_order(lines: Sequence[CartLine]) -> bool:
    """Whether these lines can be one order."""
    return len({line.cycle for line in lines}) == 1


def _submit(
    actor: Actor, scope: Scope, cart: Cart, verb: str, asked: Asked, *, attested: bool
) -> Command:
    require(scope, RIGHT, cart)
    if found := commands.earlier(actor, verb, cart, asked.submission):
        return found
    lines = _orderable(cart)
    if attested != cart.attested:
        cart.attested = attested
        cart.save(update_fields=["attested", "changed_at"])
    told = content(cart, lines)
    before: dict[str, Any] = {"content": told}
    after: dict[str, Any] = {"lines": len(lines)}
    if verb != CHECK:
        # Approval rules look at the number of units that are bought.
        before |= {"quantity": 0}
        after |= {"quantity": sum(line.quantity for line in lines)}
    after |= {"reseller": cart.reseller.name if cart.reseller else ""}
    draft = commands.Draft(
        verb=verb,
        connection=cart.connection,
        reseller_id=cart.reseller_id,
        customer_pc_id=cart.customer.pc_id,
        customer_name=cart.customer.name,
        target_pc_id=cart.pc_id,
        target_label=f"{cart.name} · {cart.customer.name}",
        parameters={
            "content": told,
            "products": [f"{line.quantity} × {line.title}" for line in lines],
            "purchase_order": cart.purchase_order,
        },
        before=before,
        after=after,
        reason=asked.reason,
        submission=asked.submission,
        batch_id=asked.batch_id,
    )
    return commands.submit(actor, scope, draft, cart)


def _orderable(cart: Cart) -> list[CartLine]:
    if cart.state != CartState.OPEN:
        raise RefusedError("ordered", _("This cart was ordered. Copy it to order it again."))
    if cart.customer.gone_at is not None or cart.connection.is_retired:
        raise RefusedError("gone", _("This customer is no longer in Partner Center."))
    lines = contents.lines(cart)
    if not lines:
        raise RefusedError("empty", _("The cart is empty."))
    if cart.reseller_id is not None and not partner_id(cart):
        told = _("The PartnerID of the indirect reseller is not known yet. Read resellers first.")
        raise RefusedError("partner_id", told)
    return lines


def partner_id(cart: Cart) -> str:
    """The PartnerID under which the reseller on record is named, "" for none."""
    if cart.reseller_id is None:
        return ""
    rows = ResellerMpn.objects.filter(reseller=cart.reseller_id).order_by("pk")
    return rows.values_list("mpn_id", flat=True).first() or ""
