"""What the tab "Azure" of a customer is read from."""

from customers import demand

AZURE = "azure_subscriptions"
TARGET = "azure_subscription"
RIGHT = "subscriptions.view"
PART = demand.Part("azure", (AZURE,), "customer_azure")
ACTIVE, INACTIVE = "active", "inactive"
