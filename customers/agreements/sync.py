"""Agreements, direct signatures and qualifications into the mirror, customer by customer on demand."""

from typing import Any

from customers import demand, references
from customers.agreements import mapping
from customers.agreements.part import (
    AGREEMENTS,
    CLOUD_AGREEMENT,
    CLOUD_AGREEMENTS,
    CUSTOMER_AGREEMENT,
    PART,
    QUALIFICATIONS,
    SIGNATURES,
)
from customers.models import Agreement, CloudAgreement, DirectSignature, Qualification
from portal.mirror.families import Family, Listing, Representation, register
from portal.mirror.models import MirrorModel
from portal.partnercenter.operations.agreements import LIST_CONSENTS, LIST_QUALIFICATIONS
from portal.partnercenter.operations.unlisted import GET_DIRECT_SIGNED_STATUS


def _family(name: str, model: type[MirrorModel], position: int, listing: Listing) -> Family:
    return Family(
        name=name,
        model=model,
        position=position,
        parent="customers",
        parent_column="customer_pc_id",
        listing=listing,
        joins=references.JOINS,
        derived=references.DERIVED,
        on_demand=True,
    )


def _path(parent: str) -> dict[str, Any]:
    return {"customer_id": parent}


def _consents(kind: str) -> Listing:
    """Without a type the retired agreement is meant, so each is asked for by its name."""
    return Listing(
        operation=LIST_CONSENTS,
        representation=Representation(
            name="list", columns=mapping.CONFIRMATION, map=mapping.confirmation
        ),
        path=_path,
        query=lambda _connection, _parent: {"agreementType": kind},
    )


SIGNATURE = Listing(
    operation=GET_DIRECT_SIGNED_STATUS,
    representation=Representation(name="list", columns=mapping.SIGNATURE, map=mapping.signature),
    path=_path,
    single=True,
)
QUALIFICATION = Listing(
    operation=LIST_QUALIFICATIONS,
    representation=Representation(
        name="list", columns=mapping.QUALIFICATION, map=mapping.qualification
    ),
    path=_path,
)


def setup() -> None:
    """Register families and the part (from ``AppConfig.ready``)."""
    register(_family(AGREEMENTS, Agreement, 120, _consents(CUSTOMER_AGREEMENT)))
    register(_family(CLOUD_AGREEMENTS, CloudAgreement, 121, _consents(CLOUD_AGREEMENT)))
    register(_family(SIGNATURES, DirectSignature, 122, SIGNATURE))
    register(_family(QUALIFICATIONS, Qualification, 123, QUALIFICATION))
    demand.register(PART)
