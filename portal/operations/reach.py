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
AGREEMENTS = Reach("customer_agreements", "Customer page, Agreements & qualifications")
CONFIRM = Reach("customer_confirm_agreement", "Customer page, Confirm Customer Agreement")
QUALIFY = Reach("customer_qualification", "Customer page, Ask for a qualification")
PERMISSIONS = Reach("customer_permissions", "Customer page, Permissions")
REQUEST = Reach("customer_permission_request", "Customer page, Request permission")
SPENDING = Reach("customer_spending", "Customer page, Budget & entitlements")

REACH: dict[str, Reach] = {
    "LIST_CUSTOMERS": Reach("customers", "Customers"),
    "SEARCH_CUSTOMERS": Reach("customer_new", "Customers, New customer, after a lost answer"),
    "CREATE_CUSTOMER": Reach("customer_new", "Customers, New customer"),
    "CREATE_CUSTOMER_FOR_RESELLER": Reach("customer_new", "Customers, New customer, For"),
    "VALIDATE_ADDRESS": Reach("customer_new", "Customers, New customer, Check"),
    "VERIFY_DOMAIN": Reach("customer_new", "Customers, New customer, Check"),
    "GET_PARTNER_BY_MPN_ID": Reach("customer_new", "Customers, New customer, Check"),
    "GET_PARTNER_AGREEMENT_STATUS": Reach("customer_new", "Customers, New customer, Check"),
    "GET_COUNTRY_VALIDATION_RULES": Reach("customer_new", "Customers, New customer"),
    "GET_RELATIONSHIP_REQUEST": Reach("relationship_request", "Customers, Relationship request"),
    "REMOVE_CUSTOMER_RELATIONSHIP": Reach("customer_end", "Customer page, End relationship"),
    "DELETE_SANDBOX_CUSTOMER": Reach("customer_delete", "Customer page, Delete sandbox customer"),
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
    "LIST_USERS": Reach("customer_users", "Customer page, Users & licences"),
    "LIST_DELETED_USERS": Reach("customer_users", "Customer page, Users & licences, Deleted users"),
    "GET_USER": Reach("customer_user", "User page"),
    "CREATE_USER": Reach("customer_user_create", "Customer page, Users & licences, New user"),
    "UPDATE_USER": Reach("customer_user_edit", "User page, Change"),
    "DELETE_USER": Reach("customer_user_delete", "User page, Delete"),
    "RESTORE_USER": Reach("customer_user_restore", "User page, Restore"),
    "RESET_PASSWORD": Reach("customer_user_password", "User page, Reset password"),
    "RESET_PASSWORD_BY_UPDATE": Reach("customer_user_password", "User page, Reset password"),
    "LIST_ROLES_OF_USER": Reach("customer_user", "User page, Roles"),
    "LIST_DIRECTORY_ROLES": Reach("customer_user_role_add", "User page, Give role"),
    "LIST_MEMBERS_OF_ROLE": Reach("customer_users", "Customer page, Users & licences, Roles"),
    "ADD_ROLE_MEMBER": Reach("customer_user_role_add", "User page, Give role"),
    "REMOVE_ROLE_MEMBER": Reach("customer_user_role_remove", "User page, Take role back"),
    "LIST_CONSENTS": AGREEMENTS,
    "GET_DIRECT_SIGNED_STATUS": AGREEMENTS,
    "LIST_QUALIFICATIONS": AGREEMENTS,
    "GET_QUALIFICATION": AGREEMENTS,
    "SET_QUALIFICATION": QUALIFY,
    "LIST_AGREEMENT_TEMPLATES": CONFIRM,
    "CONFIRM_CONSENT": CONFIRM,
    "ADD_QUALIFICATION": QUALIFY,
    "LIST_VALIDATION_CODES": AGREEMENTS,
    "GET_AGREEMENT_DOCUMENT": CONFIRM,
    "ADD_VERIFIED_DOMAIN": Reach("customer_domain_add", "Customer page, Add verified domain"),
    "GET_SPENDING_BUDGET": SPENDING,
    "LIST_ENTITLEMENTS": SPENDING,
    "GET_ENTITLEMENT_ARTIFACT": Reach(
        "customer_entitlement", "Customer page, Budget & entitlements, a reservation"
    ),
    "UPDATE_SPENDING_BUDGET": Reach("customer_budget", "Customer page, Set budget"),
    "LIST_ADMIN_RELATIONSHIPS": PERMISSIONS,
    "GET_ADMIN_RELATIONSHIP": PERMISSIONS,
    "CREATE_ADMIN_RELATIONSHIP": REQUEST,
    "REQUEST_ADMIN_RELATIONSHIP": Reach("customer_permission_end", "Customer page, End permission"),
    "LIST_SUBSCRIPTIONS": Reach("subscriptions", "Subscriptions"),
    "GET_SUBSCRIPTION": Reach("subscription", "Subscription page, Seats"),
    "LIST_ORDERS": Reach("customer_orders", "Customer page, Orders"),
    "LIST_ORDERS_BY_BILLING_CYCLE": Reach(
        "customer_orders", "Customer page, Orders, filtered by billing, Refresh now"
    ),
    "LIST_PRODUCTS": Reach("catalogue", "Catalogue"),
    "LIST_SKUS": Reach("product", "Catalogue, product page"),
    "LIST_AVAILABILITIES": Reach("product_sku", "Catalogue, SKU page, Sold as"),
    "GET_AVAILABILITY": Reach("product_sku", "Catalogue, SKU page, Check now"),
    "CHECK_INVENTORY": Reach("product_sku", "Catalogue, SKU page, Stock"),
    "LIST_OFFER_CATEGORIES": Reach("offers", "Catalogue, Legacy offers"),
    "LIST_OFFERS": Reach("offers", "Catalogue, Legacy offers"),
    "GET_OFFER": Reach("offer", "Catalogue, Legacy offers, offer page, Check now"),
    "LIST_ADDON_OFFERS": Reach("offer", "Catalogue, Legacy offers, offer page, Check now"),
    "GET_PRODUCT": Reach("catalogue_look_up", "Catalogue, Look up an ID"),
    "GET_SKU": Reach("catalogue_look_up", "Catalogue, Look up an ID"),
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
    "LIST_AVAILABLE_LICENSES": Reach("customer_user_assign", "User page, Assign licence"),
    "LIST_AVAILABLE_LICENSES_BY_GROUP": Reach("licences", "Licences; customer page, Licences"),
    "LIST_LICENSES_OF_USER": Reach("customer_user_assign", "User page, Assign licence"),
    "LIST_LICENSES_OF_USER_BY_GROUP": Reach("customer_user_licences", "User page, Licences"),
    "UPDATE_LICENSES_OF_USER": Reach("customer_user_assign", "User page, Assign licence"),
}

# Where scripts find the same: the URL name of its address in the API, for a write the one that asks for it.
# What is not here has no address: what an administrator does to the portal itself.
API: dict[str, str] = {
    "LIST_CUSTOMERS": "api-customer-list",
    "SEARCH_CUSTOMERS": "api-customer-list",
    "CREATE_CUSTOMER": "api-customer-list",
    "CREATE_CUSTOMER_FOR_RESELLER": "api-customer-list",
    "VALIDATE_ADDRESS": "api-customer-check",
    "VERIFY_DOMAIN": "api-customer-check",
    "GET_PARTNER_BY_MPN_ID": "api-customer-check",
    "GET_PARTNER_AGREEMENT_STATUS": "api-customer-check",
    "GET_COUNTRY_VALIDATION_RULES": "api-customer-country-rules",
    "GET_RELATIONSHIP_REQUEST": "api-relationship-request",
    "REMOVE_CUSTOMER_RELATIONSHIP": "api-customer-end-relationship",
    "DELETE_SANDBOX_CUSTOMER": "api-customer-delete-from-sandbox",
    "GET_CUSTOMER": "api-customer-detail",
    "LIST_CUSTOMERS_OF_RESELLER": "api-customer-list",
    "LIST_RELATIONSHIPS": "api-customer-list",
    "LIST_RESELLERS_OF_CUSTOMER": "api-customer-detail",
    "GET_CUSTOMER_COMPANY_PROFILE": "api-customer-profile",
    "GET_CUSTOMER_BILLING_PROFILE": "api-customer-profile",
    "UPDATE_CUSTOMER_BILLING_PROFILE": "api-customer-update-billing-profile",
    "LIST_USERS": "api-customer-user-list",
    "LIST_DELETED_USERS": "api-customer-user-list",
    "GET_USER": "api-customer-user-detail",
    "CREATE_USER": "api-customer-create-user",
    "UPDATE_USER": "api-customer-user-update",
    "DELETE_USER": "api-customer-user-delete",
    "RESTORE_USER": "api-customer-user-restore",
    "RESET_PASSWORD": "api-customer-user-reset-password",
    "RESET_PASSWORD_BY_UPDATE": "api-customer-user-reset-password",
    "LIST_ROLES_OF_USER": "api-customer-user-add-role",
    "LIST_DIRECTORY_ROLES": "api-customer-directory",
    "LIST_MEMBERS_OF_ROLE": "api-customer-directory",
    "ADD_ROLE_MEMBER": "api-customer-user-add-role",
    "REMOVE_ROLE_MEMBER": "api-customer-user-remove-role",
    "LIST_CONSENTS": "api-customer-agreements",
    "GET_DIRECT_SIGNED_STATUS": "api-customer-agreements",
    "LIST_QUALIFICATIONS": "api-customer-agreements",
    "GET_QUALIFICATION": "api-customer-agreements",
    "SET_QUALIFICATION": "api-customer-set-qualification",
    "LIST_AGREEMENT_TEMPLATES": "api-customer-agreement-document",
    "CONFIRM_CONSENT": "api-customer-confirm-agreement",
    "ADD_QUALIFICATION": "api-customer-set-qualification",
    "LIST_VALIDATION_CODES": "api-customer-validation-codes",
    "GET_AGREEMENT_DOCUMENT": "api-customer-agreement-document",
    "ADD_VERIFIED_DOMAIN": "api-customer-add-domain",
    "GET_SPENDING_BUDGET": "api-customer-spending",
    "LIST_ENTITLEMENTS": "api-customer-spending",
    "GET_ENTITLEMENT_ARTIFACT": "api-customer-entitlement-artifacts",
    "UPDATE_SPENDING_BUDGET": "api-customer-set-budget",
    "LIST_ADMIN_RELATIONSHIPS": "api-permission-list",
    "GET_ADMIN_RELATIONSHIP": "api-customer-end-permission",
    "CREATE_ADMIN_RELATIONSHIP": "api-customer-request-permission",
    "REQUEST_ADMIN_RELATIONSHIP": "api-customer-end-permission",
    "LIST_SUBSCRIPTIONS": "api-subscription-list",
    "GET_SUBSCRIPTION": "api-subscription-detail",
    "LIST_ORDERS": "api-order-list",
    "LIST_ORDERS_BY_BILLING_CYCLE": "api-customer-read-orders",
    "LIST_INVOICES": "api-invoice-list",
    "LIST_INVOICE_LINES": "api-invoice-line-list",
    "LIST_AUDIT_RECORDS": "api-timeline-list",
    "CHANGE_QUANTITY": "api-subscription-change-quantity",
    "SUSPEND_SUBSCRIPTION": "api-subscription-suspend",
    "RENAME_SUBSCRIPTION": "api-subscription-rename",
    "SET_AUTO_RENEW": "api-subscription-set-end-of-term",
    "REACTIVATE_SUBSCRIPTION": "api-subscription-reactivate",
    "LIST_AVAILABLE_LICENSES": "api-customer-user-assign-licence",
    "LIST_AVAILABLE_LICENSES_BY_GROUP": "api-licence-list",
    "LIST_LICENSES_OF_USER": "api-customer-user-assign-licence",
    "LIST_LICENSES_OF_USER_BY_GROUP": "api-customer-user-licences",
    "UPDATE_LICENSES_OF_USER": "api-customer-user-assign-licence",
}
