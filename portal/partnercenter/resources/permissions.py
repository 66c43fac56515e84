"""Delegated admin relationships of Microsoft Graph: what a customer lets the partner do in its tenant."""

from typing import TypedDict


class UnifiedRole(TypedDict, total=False):
    roleDefinitionId: str


class AccessDetails(TypedDict, total=False):
    """The directory roles by the ids of their templates."""

    unifiedRoles: list[UnifiedRole]


class AdminCustomer(TypedDict, total=False):
    tenantId: str
    displayName: str


class AdminRelationship(TypedDict, total=False):
    """``duration`` and ``autoExtendDuration`` are ISO 8601; dates that are not known are empty."""

    id: str
    displayName: str
    duration: str
    customer: AdminCustomer
    accessDetails: AccessDetails
    status: str
    autoExtendDuration: str
    createdDateTime: str
    lastModifiedDateTime: str
    activatedDateTime: str
    endDateTime: str


class AdminRelationshipCollection(TypedDict, total=False):
    """A page; ``@odata.nextLink`` is on the rest of the answer."""

    value: list[AdminRelationship]


class AdminRelationshipRequest(TypedDict, total=False):
    id: str
    action: str
    status: str
    createdDateTime: str
    lastModifiedDateTime: str
