"""The lists of a customer that its tab "Users & licences" shows of its users, and the tabs inside it."""

from customers import demand

USERS = "customer_users"
ROLES = "directory_roles"
TARGET = "customer_user"
PART = demand.Part("users", (USERS, ROLES), "customer_users")
PEOPLE = "customer_people"
"""The parts of that tab."""
