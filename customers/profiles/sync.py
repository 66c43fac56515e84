"""The two profiles into the mirror, customer by customer, when somebody looks and by age."""

from typing import Any

from customers import demand
from customers.models import BillingProfile, CompanyProfile
from customers.profiles import mapping
from customers.profiles.part import BILLING, COMPANY, PART
from customers.references import family, path
from portal.mirror.families import Listing, Representation, register
from portal.partnercenter.operations.customers import (
    GET_CUSTOMER_BILLING_PROFILE,
    GET_CUSTOMER_COMPANY_PROFILE,
)
from portal.partnercenter.spec import Operation


def _listing(operation: Operation[Any]) -> Listing:
    return Listing(
        operation=operation,
        representation=Representation(
            name="list", columns=mapping.COLUMNS, map=mapping.of_customer
        ),
        single=True,
        path=path,
    )


def setup() -> None:
    """Register families and the part (from ``AppConfig.ready``)."""
    company, billing = GET_CUSTOMER_COMPANY_PROFILE, GET_CUSTOMER_BILLING_PROFILE
    register(family(COMPANY, CompanyProfile, 110, _listing(company)))
    register(family(BILLING, BillingProfile, 111, _listing(billing)))
    demand.register(PART)
