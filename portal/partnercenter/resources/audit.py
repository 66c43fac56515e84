"""Audit records: who changed what in Partner Center."""

from typing import TypedDict

from portal.partnercenter.resources.common import (
    KeyValue,
    ResourceAttributes,
    ResourceCollection,
)


class AuditRecord(TypedDict, total=False):
    """One change. ``resourceOldValue`` and ``resourceNewValue`` are JSON held in strings.

    ``operationStatus``: succeeded, failed, progress. ``resourceType`` and ``operationType`` grow
    with the service: unknown values are kept as they are.
    """

    id: str
    partnerId: str
    customerId: str
    customerName: str
    userPrincipalName: str
    applicationId: str
    resourceType: str
    resourceOldValue: str
    resourceNewValue: str
    operationType: str
    operationDate: str
    operationStatus: str
    customizedData: list[KeyValue]
    attributes: ResourceAttributes


class AuditRecordCollection(ResourceCollection[AuditRecord], total=False):
    pass
