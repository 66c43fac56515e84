"""What the page of a subscription says of the end of its term: the rules, the decision kept, what it would cost."""

from typing import Any

from django import template

from orders.models import Subscription
from orders.renewals import lifecycle, queries
from orders.term_end import OPEN, TermEnd

register = template.Library()


@register.inclusion_tag("renewals/_decided.html", takes_context=True)
def term_decision(context: template.Context, subscription: Subscription) -> dict[str, Any]:
    """The newest decision about the running term, and the ways on. Two queries."""
    scope = context["request"].scope
    ends = subscription.commitment_end_date is not None and subscription.gone_at is None
    return {
        "subscription": subscription,
        "ends": ends,
        "note": lifecycle.note(subscription) if ends else "",
        "decision": queries.latest_of(scope, subscription) if ends else None,
        "letters": queries.letters_of(scope, subscription) if ends else [],
    }


OVER = frozenset({"deleted", "expired", "disabled"})
"""Statuses of subscriptions whose term has ended."""
NOTHING, AS_NOW, BY_THE_MONTH = "nothing", "as_now", "by_the_month"


@register.filter
def is_over(subscription: Subscription) -> bool:
    """Whether there is no running term any more."""
    return subscription.gone_at is not None or subscription.status in OVER


@register.filter
def next_term(subscription: Subscription) -> str:
    """What follows the term if nobody does anything more: nothing, a term as now, or months of an extended one."""
    choice = lifecycle.chosen(subscription)
    suspended = subscription.status == "suspended"  # it does not renew (lifecycle_nce)
    if is_over(subscription) or suspended or choice == TermEnd.CANCEL:
        return NOTHING
    rolls = lifecycle.of(subscription) is lifecycle.Lifecycle.CHOICES
    if choice == TermEnd.EXTENDED or (choice == OPEN and rolls):
        return BY_THE_MONTH
    return NOTHING if choice == OPEN else AS_NOW
