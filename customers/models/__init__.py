"""Everything that is kept of a customer, a module for each subject."""

from customers.models.customer import LIVE, Customer, ResellerLink

__all__ = ["LIVE", "Customer", "ResellerLink"]
