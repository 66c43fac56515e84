"""Everything that is kept of a customer, a module for each subject."""

from customers.models.agreement import (
    Agreement,
    CloudAgreement,
    DirectSignature,
    Qualification,
)
from customers.models.customer import LIVE, Customer, ResellerLink
from customers.models.licence import SubscribedSku, UserLicences
from customers.models.new_customer import NewCustomer
from customers.models.note import Note, Tag
from customers.models.permission import AdminRelationship
from customers.models.profile import BillingProfile, CompanyProfile
from customers.models.spending import Entitlement, UsageBudget
from customers.models.user import CustomerUser, DirectoryRole, UserState

__all__ = [
    "LIVE",
    "AdminRelationship",
    "Agreement",
    "BillingProfile",
    "CloudAgreement",
    "CompanyProfile",
    "Customer",
    "CustomerUser",
    "DirectSignature",
    "DirectoryRole",
    "Entitlement",
    "NewCustomer",
    "Note",
    "Qualification",
    "ResellerLink",
    "SubscribedSku",
    "Tag",
    "UsageBudget",
    "UserLicences",
    "UserState",
]
