"""Which verbs a page of a subscription offers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template

from orders import actions, refreshing, rules, term_end
from orders.models import Subscription

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


@register.simple_tag(takes_context=True)
def verb_offers(context: template.Context, subscription: Subscription) -> Offers:
    """What may be asked here. No query: finer rules are told when the verb is opened."""
    scope: Scope = context["request"].scope
    there = subscription.gone_at is None and not subscription.connection.is_retired
    present = there and not scope.read_only
    active = present and subscription.status not in rules.ENDED
    suspended = subscription.status == "suspended"

    def may(verb: str) -> bool:
        return scope.can(actions.RIGHTS[verb], subscription)

    return Offers(
        quantity=active
        and not suspended
        and subscription.quantity is not None
        and may(actions.CHANGE_QUANTITY),
        suspend=active and not suspended and may(actions.SUSPEND),
        reactivate=active and suspended and may(actions.REACTIVATE),
        rename=active and may(actions.RENAME),
        term_end=active
        and not suspended
        and rules.is_new_commerce(subscription)
        and may(actions.SET_TERM_END),
        read_detail=present and scope.can(refreshing.RIGHT, subscription),
    )
