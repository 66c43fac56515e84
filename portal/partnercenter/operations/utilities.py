"""Checks that change nothing: addresses, domains, the rules of a market."""

from portal.partnercenter.resources.common import Address, JsonObject
from portal.partnercenter.resources.utilities import AddressValidation
from portal.partnercenter.spec import Effect, Method, Operation

VALIDATE_ADDRESS = Operation(
    name="VALIDATE_ADDRESS",
    method=Method.POST,
    path="/v1/validations/address",
    scenario="validate-an-address",
    returns=AddressValidation,
    effect=Effect.READ,
    body=Address,
    may_be_empty=True,
)

GET_COUNTRY_VALIDATION_RULES = Operation(
    name="GET_COUNTRY_VALIDATION_RULES",
    method=Method.GET,
    path="/v1/countryvalidationrules/{iso_code}",
    scenario="get-market-specific-validation-data",
    returns=JsonObject,
    effect=Effect.READ,
)

VERIFY_DOMAIN = Operation(
    name="VERIFY_DOMAIN",
    method=Method.HEAD,
    path="/v1/domains/{domain}",
    scenario="verify-domain-availability",
    returns=bool,
    effect=Effect.READ,
    success=(200, 404),
)
