"""Agreements, direct signatures and qualifications into the mirror, customer by customer on demand."""

from collections.abc import Iterator

from django.utils import timezone

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
from customers.asking import earlier
from customers.models import Agreement, CloudAgreement, DirectSignature, Qualification
from customers.references import family, path
from portal.mirror.families import Listing, Pages, Representation, register
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import PartnerError
from portal.partnercenter.operations.agreements import (
    GET_QUALIFICATION,
    LIST_CONSENTS,
    LIST_QUALIFICATIONS,
)
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


def qualifications(client: PartnerClient, customer_id: str) -> Iterator[Pages]:
    """Read them by today's call; by the one of before 2021 where Partner Center has only that."""
    try:
        found = [
            (page.observed_at, page.items)
            for page in client.pages(LIST_QUALIFICATIONS, customer_id=customer_id)
        ]
    except PartnerError as error:
        if not earlier.is_missing(error):
            raise
        at = timezone.now()
        word = client.call(GET_QUALIFICATION, customer_id=customer_id)
        found = [(at, mapping.earlier(word))]
    yield from found


QUALIFICATION = Listing(
    operation=LIST_QUALIFICATIONS,
    representation=Representation(
        name="list", columns=mapping.QUALIFICATION, map=mapping.qualification
    ),
    path=path,
    read=qualifications,
)


def setup() -> None:
    """Register families and the part (from ``AppConfig.ready``)."""
    register(family(AGREEMENTS, Agreement, 120, _consents(CUSTOMER_AGREEMENT)))
    register(family(CLOUD_AGREEMENTS, CloudAgreement, 121, _consents(CLOUD_AGREEMENT)))
    register(family(SIGNATURES, DirectSignature, 122, SIGNATURE))
    register(family(QUALIFICATIONS, Qualification, 123, QUALIFICATION))
    demand.register(PART)
