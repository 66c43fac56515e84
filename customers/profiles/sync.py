"""The two profiles into the mirror, customer by customer, when somebody looks and by age."""

from typing import Any

from customers import demand, references
from customers.models import BillingProfile, CompanyProfile
from customers.profiles import mapping
from customers.profiles.part import BILLING, COMPANY, PART
from portal.mirror.families import Family, Listing, Representation, register
from portal.mirror.models import MirrorModel
from portal.partnercenter.operations.customers import (
    GET_CUSTOMER_BILLING_PROFILE,
    GET_CUSTOMER_COMPANY_PROFILE,
)
from portal.partnercenter.spec import Operation


def _family(
    name: str, model: type[MirrorModel], position: int, operation: Operation[Any]
) -> Family:
    return Family(
        name=name,
        model=model,
        position=position,
        parent="customers",
        parent_column="customer_pc_id",
        listing=Listing(
            operation=operation,
            representation=Representation(
                name="list", columns=mapping.COLUMNS, map=mapping.of_customer
            ),
            single=True,
            path=lambda parent: {"customer_id": parent},
        ),
        joins=references.JOINS,
        derived=references.DERIVED,
        on_demand=True,
    )


def setup() -> None:
    """Register families and the part (from ``AppConfig.ready``)."""
    register(_family(COMPANY, CompanyProfile, 110, GET_CUSTOMER_COMPANY_PROFILE))
    register(_family(BILLING, BillingProfile, 111, GET_CUSTOMER_BILLING_PROFILE))
    demand.register(PART)
