"""The lists of a customer that its tab "Users & licences" shows of its users, and the tabs inside it."""

from customers import demand

USERS = "customer_users"
ROLES = "directory_roles"
TARGET = "customer_user"
NEWCOMER = "new_customer_user"
"""The target of what waits for a user who is not there yet; its id is that of the change that creates it."""
PART = demand.Part("users", (USERS, ROLES), "customer_users")
PEOPLE = "customer_people"
"""The parts of that tab."""
