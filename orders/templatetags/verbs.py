"""Which verbs a page of a subscription offers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template

from orders import actions, refreshing, rules, term_end
from orders.asides import marketplace
from orders.models import Subscription
from orders.scheduling import schedules
from orders.upgrades import kinds

if TYPE_CHECKING:
    from portal.access.scope import Scope

register = template.Library()


@dataclass(frozen=True)
class Offers:
    """Whether each verb is offered: the person has the right, and the status leaves it any sense."""

    quantity: bool
    suspend: bool
    reactivate: bool
    rename: bool
    term_end: bool
    schedule: bool
    terms: bool
    cancel: bool
    upgrade: bool
    auto_renew: bool
    read_detail: bool

    @property
    def any(self) -> bool:
        """Whether the page needs the dialog at all."""
        return any(offered for name, offered in vars(self).items() if name != "read_detail")


@register.filter
def term_end_words(subscription: Subscription) -> str:
    """What happens when its term ends, in words; "" where there is no such choice."""
    if not rules.is_new_commerce(subscription):
        return ""
    return term_end.words(term_end.chosen(vars(subscription)))


@register.filter
def schedule_bar(subscription: Subscription) -> str:
    """Why a scheduled change bars one in mid-term, "" if none does as far as is known."""
    return rules.schedule_bar(subscription)


@register.filter
def schedule_lost(subscription: Subscription) -> str:
    """Why a schedule that could not be put back bars a change, "" if none does as far as is known."""
    return "" if rules.droppable(subscription) else rules.schedule_bar(subscription)


@register.filter
def is_scheduled(subscription: Subscription) -> bool:
    """Whether a change is scheduled that can be cancelled."""
    told = schedules.told(subscription.scheduled_change)
    return told is not None and "action" not in told and not subscription.is_trial


@register.simple_tag(takes_context=True)
def verb_offers(context: template.Context, subscription: Subscription) -> Offers:
    """What may be asked here. No query: finer rules are told when the verb is opened."""
    scope: Scope = context["request"].scope
    there = subscription.gone_at is None and not subscription.connection.is_retired
    present = there and not scope.read_only
    active = present and not subscription.is_savings_plan
    active &= subscription.status not in rules.ENDED
    suspended = subscription.status == "suspended"

    def may(verb: str) -> bool:
        return scope.can(actions.RIGHTS[verb], subscription)

    running = active and not suspended and rules.is_new_commerce(subscription)
    until = subscription.cancellation_allowed_until
    return Offers(
        quantity=active
        and not suspended
        and subscription.quantity is not None
        and may(actions.CHANGE_QUANTITY),
        suspend=active and not suspended and may(actions.SUSPEND),
        reactivate=active and suspended and may(actions.REACTIVATE),
        rename=active and may(actions.RENAME),
        term_end=running and may(actions.SET_TERM_END),
        schedule=running and not subscription.is_trial and may(actions.SCHEDULE_CHANGE),
        terms=running and not subscription.is_trial and may(actions.CHANGE_TERM),
        cancel=active
        and until is not None
        and until > subscription.connection.now()
        and may(actions.CANCEL),
        auto_renew=active
        and not suspended
        and marketplace.is_marketplace(subscription)
        and may(actions.AUTO_RENEW),
        upgrade=active and not suspended and bool(kinds.of(subscription)) and may(actions.UPGRADE),
        read_detail=present and scope.can(refreshing.RIGHT, subscription),
    )


@register.filter
def has_lots(subscription: Subscription) -> bool:
    """Whether Partner Center tells until when its seats can be taken back; of legacy ones nothing does."""
    return bool(subscription.product_type)
