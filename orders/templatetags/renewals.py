"""What the page of a subscription says of the end of its term: the rules, the decision kept, what it would cost."""

from typing import Any

from django import template

from orders.models import Subscription
from orders.renewals import lifecycle, queries

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
