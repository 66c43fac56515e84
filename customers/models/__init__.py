"""Everything that is kept of a customer, a module for each subject."""

from customers.models.customer import LIVE, Customer, ResellerLink
from customers.models.user import CustomerUser, DirectoryRole, UserState

__all__ = ["LIVE", "Customer", "CustomerUser", "DirectoryRole", "ResellerLink", "UserState"]
