"""Where staff find what each operation of Partner Center is for.

One line per operation that the portal uses; what stands here is shown by ``manage.py scenarios``. A test
holds that every operation which an app calls has its line, and that each named page exists.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """The page (a URL name) on which the operation's result or button stands, and in words where."""

    url_name: str
    where: str


SYNC = Reach("sync", "Settings, Sync")
WEBHOOKS = Reach("webhooks", "Settings, Webhooks")
TEST = Reach("connection", "Settings, Connections, Test connection")

REACH: dict[str, Reach] = {
    "LIST_CUSTOMERS": Reach("customers", "Customers"),
    "GET_CUSTOMER": Reach("customer", "Customer page, Profile"),
    "LIST_CUSTOMERS_OF_RESELLER": Reach("customers", "Customers, Indirect resellers"),
    "LIST_RELATIONSHIPS": SYNC,
    "LIST_RESELLERS_OF_CUSTOMER": Reach("customer", "Customer page, Indirect resellers"),
    "GET_ORGANIZATION_PROFILE": TEST,
    "GET_PARTNER_NETWORK_PROFILE": TEST,
    "GET_CUSTOMER_COMPANY_PROFILE": Reach("customer_profile", "Customer page, Profile"),
    "GET_CUSTOMER_BILLING_PROFILE": Reach("customer_profile", "Customer page, Profile"),
    "UPDATE_CUSTOMER_BILLING_PROFILE": Reach(
        "customer_billing_profile", "Customer page, Profile, Change billing profile"
    ),
    "LIST_SUBSCRIPTIONS": Reach("subscriptions", "Subscriptions"),
    "GET_SUBSCRIPTION": Reach("subscription", "Subscription page, Seats"),
    "LIST_INVOICES": Reach("invoices", "Billing"),
    "LIST_INVOICE_LINES": Reach("invoice", "Invoice page, Lines"),
    "GET_INVOICE_STATEMENT": Reach("invoice", "Invoice page, Statement"),
    "LIST_AUDIT_RECORDS": SYNC,
    "CHANGE_QUANTITY": Reach("subscription_quantity", "Subscription page, Change seats"),
    "SUSPEND_SUBSCRIPTION": Reach("subscription_suspend", "Subscription page, Suspend"),
    "RENAME_SUBSCRIPTION": Reach("subscription_rename", "Subscription page, Rename"),
    "SET_AUTO_RENEW": Reach("subscription_term_end", "Subscription page, End of term"),
    "REACTIVATE_SUBSCRIPTION": Reach("subscription_reactivate", "Subscription page, Reactivate"),
    "LIST_WEBHOOK_EVENTS": WEBHOOKS,
    "GET_WEBHOOK_REGISTRATION": WEBHOOKS,
    "CREATE_WEBHOOK_REGISTRATION": WEBHOOKS,
    "UPDATE_WEBHOOK_REGISTRATION": WEBHOOKS,
    "SEND_WEBHOOK_TEST": WEBHOOKS,
    "GET_WEBHOOK_TEST": WEBHOOKS,
}
