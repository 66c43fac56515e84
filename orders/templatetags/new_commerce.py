"""What pages say of migrations to new commerce."""

from django import template
from django.utils.translation import gettext_lazy as _

from orders.models import Subscription
from orders.to_new_commerce import rules
from orders.to_new_commerce.part import RIGHT

register = template.Library()
# The events that get-migration-events documents.
EVENTS = {
    "MigrationStarted": _("Migration started"),
    "NewCommerceSubscriptionCreated": _("Subscription of new commerce created"),
    "NewCommerceSubscriptionProvisioned": _("Subscription of new commerce ready to use"),
    "MigrationCompleted": _("Migration completed"),
}


@register.filter
def migration_event(name: str) -> str:
    """An event in words; one that is not documented stays as it is."""
    return str(EVENTS.get(name, name))


@register.simple_tag(takes_context=True)
def may_migrate(context: template.Context, subscription: Subscription) -> bool:
    """Whether the person may, and it is a legacy one that lives. No query."""
    scope = context["request"].scope
    live = subscription.gone_at is None and not subscription.connection.is_retired
    legacy = rules.is_legacy(subscription) and subscription.status == "active"
    return live and legacy and not scope.read_only and scope.can(RIGHT, subscription)
