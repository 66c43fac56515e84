"""Agreements, direct signatures and qualifications into the mirror, customer by customer on demand."""

from customers import demand
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
from customers.references import family, path
from portal.mirror.families import Listing, Representation, register
from portal.partnercenter.operations.agreements import LIST_CONSENTS, LIST_QUALIFICATIONS
from portal.partnercenter.operations.unlisted import GET_DIRECT_SIGNED_STATUS


def _consents(kind: str) -> Listing:
    """Without a type the retired agreement is meant, so each is asked for by its name."""
    return Listing(
        operation=LIST_CONSENTS,
        representation=Representation(
            name="list", columns=mapping.CONFIRMATION, map=mapping.confirmation
        ),
        path=path,
        query=lambda _connection, _parent: {"agreementType": kind},
    )


SIGNATURE = Listing(
    operation=GET_DIRECT_SIGNED_STATUS,
    representation=Representation(name="list", columns=mapping.SIGNATURE, map=mapping.signature),
    path=path,
    single=True,
)
QUALIFICATION = Listing(
    operation=LIST_QUALIFICATIONS,
    representation=Representation(
        name="list", columns=mapping.QUALIFICATION, map=mapping.qualification
    ),
    path=path,
)


def setup() -> None:
    """Register families and the part (from ``AppConfig.ready``)."""
    register(family(AGREEMENTS, Agreement, 120, _consents(CUSTOMER_AGREEMENT)))
    register(family(CLOUD_AGREEMENTS, CloudAgreement, 121, _consents(CLOUD_AGREEMENT)))
    register(family(SIGNATURES, DirectSignature, 122, SIGNATURE))
    register(family(QUALIFICATIONS, Qualification, 123, QUALIFICATION))
    demand.register(PART)
