"""Everything that is kept of a customer, a module for each subject."""

from customers.models.customer import LIVE, Customer, ResellerLink
from customers.models.licence import SubscribedSku, UserLicences
from customers.models.profile import BillingProfile, CompanyProfile
from customers.models.user import CustomerUser, DirectoryRole, UserState

__all__ = [
    "LIVE",
    "BillingProfile",
    "CompanyProfile",
    "Customer",
    "CustomerUser",
    "DirectoryRole",
    "ResellerLink",
    "SubscribedSku",
    "UserLicences",
    "UserState",
]
