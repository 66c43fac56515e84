"""Words of carts for templates."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from orders.carts import savings
from orders.carts.part import RIGHT
from orders.models import Subscription

register = template.Library()

# error_types of promotionEligibilities (new-commerce facts, endpoints).
PROBLEMS: dict[str, Promise] = {
    "invalidcatalogitemid": _("not for this product"),
    "invalidpromotion": _("not for this product"),
    "prerequisiteproductownership": _("another product must be owned first"),
    "redemptionlimit": _("used up"),
    "seatcount": _("not for this quantity"),
    "offerpurchasedpreviously": _("only for a first purchase"),
    "term": _("not for this term and billing"),
    "nopromotionsavailable": _("none"),
}


@register.filter
def promotion_problem(kind: str) -> str | Promise:
    """Why a customer does not get a promotion; a kind that nobody here knows as it came."""
    return PROBLEMS.get(kind.lower(), kind)


@register.simple_tag
def savings_plan(subscription: Subscription) -> list[savings.Committed]:
    """What a savings plan commits to. One query."""
    return savings.of_subscription(subscription)


@register.simple_tag(takes_context=True)
def may_buy(context: template.Context, customer: Customer) -> bool:
    """Whether the person may buy something for a customer that is still there. No query."""
    scope = context["request"].scope
    live = not (customer.gone_at or customer.connection.is_retired)
    return live and not scope.read_only and scope.can(RIGHT, customer)
