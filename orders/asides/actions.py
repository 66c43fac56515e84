"""Registering an Azure subscription for reservations (register-a-subscription)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from orders import actions, delivery, rules
from orders.actions import AUTO_RENEW, REGISTER, RIGHTS
from orders.asides import marketplace
from orders.asides.asking import is_azure
from orders.fresh import ids, read
from orders.models import Subscription
from orders.refusals import say
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands, verbs
from portal.outbox.attempt import Attempt
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.subscriptions import (
    GET_REGISTRATION_STATUS,
    REGISTER_SUBSCRIPTION,
    SET_AUTO_RENEW,
)

DONE = "registered"


def may_register(state: rules.Known) -> None:
    """Raise RefusedError for what is no active Azure subscription."""
    rules.is_there(state)
    if not is_azure(state.subscription):
        raise RefusedError("no_azure", say("no_azure"))


def register(actor: Actor, scope: Scope, subscription: Subscription, asked: Asked) -> Command:
    """Ask to register it. Raises as ``orders.actions.rename``."""
    require(scope, RIGHTS[REGISTER], subscription)
    if found := commands.earlier(actor, REGISTER, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    may_register(state)
    wanted = (REGISTER, state, {"registration": DONE}, dict[str, Any]())
    return actions.submit(actor, scope, subscription, asked, wanted)


def _deliver(attempt: Attempt) -> verbs.Delivered:
    if _is_done(attempt):
        return _applied(attempt)
    fresh = read(attempt)
    if difference := fresh.difference(attempt.command):
        return verbs.Changed(difference=difference, save=fresh.saver(attempt.command))
    reply = attempt.write(REGISTER_SUBSCRIPTION, **ids(attempt.command))
    if not _is_done(attempt):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return _applied(attempt, reply.correlation_id)


def _settle(attempt: Attempt) -> verbs.Found:
    return _applied(attempt) if _is_done(attempt) else verbs.NotApplied()


def _is_done(attempt: Attempt) -> bool:
    body = attempt.read(GET_REGISTRATION_STATUS, **ids(attempt.command)).body
    return str(dict(body).get("status", "")).lower() == DONE


def _applied(attempt: Attempt, correlation_id: str = "") -> verbs.Applied:
    known = correlation_id or attempt.step.correlation_id
    return verbs.Applied(save=lambda: {"registration": DONE}, correlation_id=known)


def enter() -> None:
    """Enter the verbs."""
    step = verbs.Step(name=REGISTER_SUBSCRIPTION.name, deliver=_deliver, settle=_settle)
    verbs.register(delivery.verb(REGISTER, _("Register for reservations"), (step,)))
    switch = delivery.step(SET_AUTO_RENEW, marketplace.body, read_back=True)
    verbs.register(delivery.verb(AUTO_RENEW, _("Set automatic renewal"), (switch,)))
