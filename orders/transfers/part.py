"""What transfers are called, and which states they pass (facts transfers; the legacy flow has its own words)."""

from customers import demand

TRANSFERS = "transfers"
TARGET = "transfer"
VIEW = "transfers.view"
MANAGE = "transfers.manage"
PART = demand.Part("transfers", (TRANSFERS,), "customer_transfers")
PENDING = frozenset({"pending", "active"})
MOVING = frozenset({"inprogress", "accepted"})
DONE = frozenset({"complete", "completed"})
