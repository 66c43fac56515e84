"""The lists of a customer that its tab "Users" shows."""

from customers import demand

USERS = "customer_users"
ROLES = "directory_roles"
PART = demand.Part("users", (USERS, ROLES), "customer_users")
