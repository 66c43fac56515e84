"""Things that came after a sale, as rows of the mirror: for the walks over all addresses."""

from django.utils import timezone

from customers.models import Customer
from orders.models import AzureSubscription, NceMigration, NceSchedule, Subscription, Transfer


def make_azure(plan: Subscription) -> AzureSubscription:
    """An active Azure subscription under a plan."""
    return AzureSubscription.objects.create(
        connection=plan.connection,
        pc_id=f"{plan.pc_id}-azure",
        customer=plan.customer,
        customer_pc_id=plan.customer_pc_id,
        subscription=plan,
        plan_pc_id=plan.pc_id,
        reseller=plan.reseller,
        name="Production",
        status="active",
        list_observed_at=timezone.now(),
    )


def make_transfer(customer: Customer) -> Transfer:
    """A transfer that another partner has asked for."""
    return Transfer.objects.create(
        connection=customer.connection,
        pc_id=f"{customer.pc_id}-transfer",
        customer=customer,
        customer_pc_id=customer.pc_id,
        is_source=True,
        other_pc_id="6799d164-4c77-4ada-a4b3-869d03b726e9",
        other_name="Woodgrove",
        status="pending",
        created_at=timezone.now(),
        lines=[],
        list_observed_at=timezone.now(),
    )


def make_migration(legacy: Subscription) -> NceMigration:
    """A migration that is done."""
    return NceMigration.objects.create(
        connection=legacy.connection,
        pc_id=f"{legacy.pc_id}-migration",
        customer=legacy.customer,
        customer_pc_id=legacy.customer_pc_id,
        subscription=legacy,
        current_pc_id=legacy.pc_id,
        reseller=legacy.reseller,
        status="completed",
        quantity=10,
        term_duration="P1Y",
        billing_cycle="monthly",
        started_at=timezone.now(),
        list_observed_at=timezone.now(),
    )


def make_schedule(legacy: Subscription) -> NceSchedule:
    """A migration that waits for the renewal."""
    return NceSchedule.objects.create(
        connection=legacy.connection,
        pc_id=f"{legacy.pc_id}-plan",
        customer=legacy.customer,
        customer_pc_id=legacy.customer_pc_id,
        subscription=legacy,
        current_pc_id=legacy.pc_id,
        reseller=legacy.reseller,
        status="created",
        quantity=10,
        term_duration="P1Y",
        billing_cycle="monthly",
        on_renewal=True,
        created_at=timezone.now(),
        list_observed_at=timezone.now(),
    )
