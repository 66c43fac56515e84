"""What the tab "Budget & entitlements" is read from."""

from customers import demand

BUDGETS = "usage_budgets"
ENTITLEMENTS = "entitlements"
PART = demand.Part("spending", (BUDGETS, ENTITLEMENTS), "customer_spending")
