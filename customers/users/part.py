"""The lists of a customer that its tab "Users" shows."""

from customers import demand

USERS = "customer_users"
ROLES = "directory_roles"
TARGET = "customer_user"
PART = demand.Part("users", (USERS, ROLES), "customer_users")
