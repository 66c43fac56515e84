"""What the tab "Orders" is read from, and the billing cycles by which Partner Center narrows it."""

from customers import demand

ORDERS = "orders"
BY_CYCLE = "orders_by_cycle"
TARGET = "order"
RIGHT = "subscriptions.view"
PART = demand.Part("orders", (ORDERS,), "customer_orders")
# BillingCycleType as answers write it; the query knows the same names without a break.
CYCLES = ("monthly", "annual", "triennial", "one_time", "none", "unknown")


def scope_of_cycle(customer_pc_id: str, cycle: str) -> str:
    """The scope of what the narrowed call reads."""
    return f"{customer_pc_id}:{cycle}"


def parts(scope: str) -> tuple[str, str]:
    """Customer and cycle of such a scope."""
    customer_pc_id, _, cycle = scope.rpartition(":")
    return customer_pc_id, cycle


def asked_as(cycle: str) -> str:
    """A cycle as ``billingType`` takes it (get-a-list-of-orders-by-customer-and-billing-cycle-type)."""
    return cycle.replace("_", "")
