"""Answers of the checks."""

from typing import TypedDict

from portal.partnercenter.resources.common import Address


class AddressValidation(TypedDict, total=False):
    """``status``: VerifiedShippable, Verified, InteractionRequired, StreetPartial, and others."""

    originalAddress: Address
    suggestedAddresses: list[Address]
    status: str
    validationMessage: str
