"""Relationships between an indirect provider and its resellers."""

from typing import TypedDict

from portal.partnercenter.resources.common import ResourceAttributes, ResourceCollection


class PartnerRelationship(TypedDict, total=False):
    """``state`` and ``location`` come with the partner's own list, not with a customer's."""

    id: str
    name: str
    relationshipType: str
    state: str
    mpnId: str
    location: str
    attributes: ResourceAttributes


class PartnerRelationshipCollection(ResourceCollection[PartnerRelationship], total=False):
    pass
