"""Shapes that many resources share: links, attributes, addresses, collections."""

from typing import Any, Generic, TypeAlias, TypedDict, TypeVar

JsonObject: TypeAlias = dict[str, Any]
"""A resource whose shape nobody here reads yet."""

JsonArray: TypeAlias = list[Any]

T = TypeVar("T")


class KeyValue(TypedDict, total=False):
    key: str
    value: str


class Link(TypedDict, total=False):
    """``uri`` is relative to the API host, mostly without ``/v1``."""

    uri: str
    method: str
    headers: list[KeyValue]


class ResourceLinks(TypedDict, total=False):
    self: Link
    next: Link
    previous: Link


class ResourceAttributes(TypedDict, total=False):
    """``etag`` is temporary: read the resource again before sending it back."""

    etag: str
    objectType: str


class ResourceCollection(TypedDict, Generic[T], total=False):
    """One page of a listing. ``totalCount`` counts the page, or everything, as the call pleases."""

    totalCount: int
    items: list[T]
    continuationToken: str
    links: ResourceLinks
    attributes: ResourceAttributes


class JsonCollection(ResourceCollection[JsonObject], total=False):
    """A page of resources whose shape nobody here reads yet."""


class Address(TypedDict, total=False):
    """``country`` is ISO 3166 alpha-2; ``state`` is required in some markets only."""

    country: str
    region: str
    city: str
    state: str
    addressLine1: str
    addressLine2: str
    addressLine3: str
    postalCode: str
    firstName: str
    middleName: str
    lastName: str
    phoneNumber: str


class Contact(TypedDict, total=False):
    firstName: str
    lastName: str
    email: str
    phoneNumber: str


class ErrorBody(TypedDict, total=False):
    """The body of a refusal; ``code`` is an integer in every example, a string in the table."""

    code: int | str
    description: str
    data: list[Any]
    source: str


class ThrottledBody(TypedDict, total=False):
    """The body of a 429, which has a shape of its own."""

    statusCode: int
    message: str
