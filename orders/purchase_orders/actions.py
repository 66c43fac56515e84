"""Handing in the customer's purchase order: the files are kept, a Command sends them."""

from customers.asking import submitting
from orders.models import Order
from orders.purchase_orders import rules
from orders.purchase_orders.models import OrderPaper
from orders.purchase_orders.part import FILE, HAND_IN, RIGHT
from orders.purchase_orders.rules import Wish
from portal.access.guard import require
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists import files
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command


def hand_in(actor: Actor, scope: Scope, row: Order, wish: Wish, asked: Asked) -> Command:
    """Ask to hand it in. Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError."""
    require(scope, RIGHT, row)
    if found := commands.earlier(actor, HAND_IN, row, asked.submission):
        return found
    rules.may_hand_in(row)
    rules.check(wish)
    before = {"status": row.status, "documents": 0}
    after = {"status": rules.COMPLETE, "documents": len(wish.papers)}
    asks = submitting.Wish(HAND_IN, before, after, wish.told())
    command = submitting.submit_for(actor, scope, row, asks, asked)
    _keep(actor, row, wish, command)
    return command


def _keep(actor: Actor, row: Order, wish: Wish, command: Command) -> None:
    owner = User.objects.filter(pk=actor.user_id or 0).first()
    for kind, one in wish.papers:
        content_type = rules.content_type(one)
        stored = files.store(
            one.chunks(),
            owner=owner,
            kind=FILE,
            name=one.name or "file",
            content_type=content_type,
            subject_id=row.pk,
        )
        OrderPaper.objects.create(
            connection=row.connection,
            reseller_id=row.reseller_id,
            order=row,
            command=command,
            kind=kind,
            file=stored,
            name=stored.name,
            content_type=content_type,
            added_by=owner,
        )
