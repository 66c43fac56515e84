"""A dry run asks as much of the database for fifty rows as for five, whatever the verb."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from customers.models import (
    Customer,
    CustomerUser,
    DirectoryRole,
    NewCustomer,
    ResellerLink,
    SubscribedSku,
    UsageBudget,
    UserLicences,
)
from orders.models import AzureSubscription, NceSchedule, Order, Subscription
from portal.access.models import ResellerMpn, User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.outbox import verbs
from portal.outbox.batches import checking, registry
from portal.outbox.models import Batch, BatchRow
from tests.people import Estate

MANY = 50
SKU = "3b555118-da6a-4418-894f-7df1e2096870"
PARAMETERS: Mapping[str, dict[str, Any]] = {
    "licence.change": {"remove": True, "sku": SKU},
    "customer.set_budget": {"budget": "40"},
    "customer.write_about_terms": {"slug": "renewal.question", "subscriptions": []},
    "azure_subscription.cancel": {"compromised": True},
    "order.change_billing_cycle": {"cycle": "annual"},
    "subscription.auto_renew": {"renews": "no"},
    "subscription.change_cycle": {"billing_cycle": "annual"},
    "subscription.change_term": {"term": "P3Y"},
    "subscription.schedule": {"quantity": "+1"},
    "subscription.change_quantity": {"quantity": "+1"},
    "subscription.rename": {"name": "Other"},
    "subscription.set_term_end": {"choice": "cancel"},
}

# What the checks find in the end, after all that they read.
REFUSED = {
    "azure_subscription.reactivate": {"active"},
    "customer.write_about_terms": {"nothing_to_write"},
    "order.change_billing_cycle": {"not_legacy"},
    "subscription.auto_renew": {"no_marketplace"},
    "subscription.change_cycle": {"term_unknown"},
    "subscription.change_term": {"term_unknown"},
    "subscription.migrate": {"gone"},
    "subscription.plan_migration": {"gone"},
    "subscription.register": {"no_azure"},
    "subscription.schedule": {"no_next_term"},
    "subscription.upgrade": {"target_missing"},
    "customer_user.delete": {"last_administrator"},
    "licence.assign": {"already_assigned"},
    "subscription.reactivate": {"not_suspended"},
    "subscription.cancel": {"window_closed"},
    "subscription.cancel_schedule": {"not_scheduled"},
}


@pytest.fixture
def ids(estate: Estate) -> dict[str, list[int]]:
    """By type of target: each row has a customer of its own, so that nothing is shared by chance."""
    every = estate.connection
    mpn = ResellerMpn.objects.get(reseller=estate.fabrikam)
    customers = Customer.objects.bulk_create(
        Customer(connection=every, pc_id=f"customer-{n}", name=f"C{n}", domain=f"c{n}.example")
        for n in range(MANY)
    )
    ResellerLink.objects.bulk_create(
        ResellerLink(
            connection=every,
            customer=one,
            customer_pc_id=one.pc_id,
            reseller=estate.fabrikam,
            reseller_pc_id=estate.fabrikam.pc_id,
            mpn_id=mpn.mpn_id,
        )
        for one in customers
    )

    def each(model: type[models.Model], own: str = "", **fields: Any) -> list[Any]:
        """A row for each customer, with ``own`` as its id or one made of the customer's."""
        found = [
            model(
                connection=every,
                pc_id=own or f"{model.__name__}-{one.pk}",
                customer=one,
                customer_pc_id=one.pc_id,
                **{name: make(one) if callable(make) else make for name, make in fields.items()},
            )
            for one in customers
        ]
        return model._default_manager.bulk_create(found)

    users = each(CustomerUser, state="active", usage_location="FR")
    user_of = {user.customer_id: user for user in users}
    subscriptions = each(
        Subscription,
        reseller=estate.fabrikam,
        status="active",
        product_type="OnlineServicesNCE",
        quantity=10,
        auto_renew=True,
    )
    each(UsageBudget, amount=10)
    each(
        DirectoryRole,
        name="Global Administrator",
        member_ids=lambda one: [user_of[one.pk].pc_id],
    )
    each(SubscribedSku, SKU, units_active=10, units_available=9)
    each(
        UserLicences,
        user=lambda one: user_of[one.pk],
        place=lambda one: one.pc_id,
        licences={SKU: {"on": 1, "off": []}},
    )
    azure = each(AzureSubscription, status="active", plan_pc_id="plan")
    orders = each(Order, reseller=estate.fabrikam, status="completed", billing_cycle="monthly")
    plans = each(NceSchedule, reseller=estate.fabrikam, status="created", quantity=10)
    requests = NewCustomer.objects.bulk_create(
        NewCustomer(connection=every, reseller=estate.fabrikam, domain=f"n{n}.example")
        for n in range(MANY)
    )
    return {
        "azure_subscription": [row.pk for row in azure],
        "order": [row.pk for row in orders],
        "nce_schedule": [row.pk for row in plans],
        "new_customer": [row.pk for row in requests],
        "customer": [row.pk for row in customers],
        "customer_user": [row.pk for row in users],
        "subscription": [row.pk for row in subscriptions],
    }


def asked(batch: Batch, scope: Scope, targets: list[int]) -> int:
    """The number of queries."""
    rows = [BatchRow(batch=batch, target_id=target) for target in targets]
    with CaptureQueriesContext(connection) as seen:
        found = checking.plans(batch, scope, rows)
    refused = {told.code for told in found if isinstance(told, RefusedError)}
    assert refused == REFUSED.get(batch.verb, set()), batch.verb
    return len(seen)


def test_a_dry_run_asks_no_more_for_fifty_rows_than_for_five(
    alice: User, bob: User, ids: dict[str, list[int]]
) -> None:
    counted: dict[str, tuple[int, int]] = {}
    scopes = [Scope.for_user(who) for who in (alice, bob)]
    for scope, bulk in product(scopes, registry.all_bulks()):
        if not scope.can(verbs.get(bulk.verb).right):
            continue
        batch = Batch(verb=bulk.verb, parameters=PARAMETERS.get(bulk.verb, {"sku": SKU}))
        targets = ids[verbs.get(bulk.verb).target_type]
        assert asked(batch, scope, targets[:1]), "what is kept for the process is read"
        few, many = (asked(batch, scope, targets[:n]) for n in (5, MANY))
        counted[bulk.verb] = few, many
    assert {verb: n for verb, n in counted.items() if n[0] != n[1]} == {}
    assert set(PARAMETERS) < set(counted)
    assert max(few for few, _many in counted.values()) <= 8
