"""Reads of Azure subscriptions. The scope comes first."""

from django.db.models import QuerySet
from django.http import Http404

from orders.entitled.models import AzureSubscription
from portal.access.scope import Scope
from portal.mirror.reading import for_people


def azure_subscriptions(scope: Scope) -> QuerySet[AzureSubscription]:
    """The live ones that this scope sees, each with its plan and customer."""
    rows = AzureSubscription.objects.filter(gone_at=None, customer__isnull=False)
    return for_people(scope.filter(rows), "customer", "subscription", "reseller", "connection")


def of_customer(scope: Scope, customer_id: int) -> QuerySet[AzureSubscription]:
    """Those of one customer, plan by plan."""
    return azure_subscriptions(scope).filter(customer=customer_id).order_by("plan_pc_id", "name")


def azure_subscription(scope: Scope, pk: int) -> AzureSubscription:
    """One of them, or 404."""
    found = azure_subscriptions(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
