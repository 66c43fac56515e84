"""Refusals in Partner Center's shape, and the words for the codes that the emulator uses."""

from dataclasses import dataclass, field
from typing import Any

SOURCE = "PartnerFD"

# code -> (status, description); statuses from the documented table, later codes from facts.json.
CODES: dict[int, tuple[int, str]] = {
    400: (401, "Access denied: the token is not valid or has expired."),
    1000: (404, "The requested resource was not found."),
    2001: (400, "The quantity cannot be changed while the subscription is suspended."),
    2011: (400, "A deleted subscription cannot be updated."),
    2030: (403, "The partner cannot sell in this country."),
    2054: (400, "The billing cycle is changed on the order."),
    2055: (412, "The etag is not the current one. Read the resource again."),
    2100: (400, "The item is a product: use the product APIs."),
    3000: (400, "A property of the request is not valid."),
    4018: (400, "The order cannot be processed in its present status."),
    13605: (403, "The customer has not accepted the Microsoft Customer Agreement."),
    20000: (404, "The order was not found."),
    20003: (404, "The subscription was not found."),
    60002: (404, "The user was not found."),
    60003: (404, "The customer tenant was not found."),
    60012: (400, "It looks like you've run out of licenses. Buy more licenses, then try again."),
    400013: (404, "The product was not found."),
    400018: (404, "The SKU was not found."),
    400019: (404, "The availability was not found."),
    400030: (403, "Access to the requested target segment is not allowed."),
    400036: (403, "Access to the requested target view is not allowed."),
    600002: (400, "A registration number is not supported in this country."),
    600049: (400, "The registration number of the organization is missing."),
    600050: (400, "The registration number does not have the form of this country."),
    600051: (400, "The telephone number of the customer is missing."),
    600074: (404, "The account status of the customer was not found."),
    800001: (401, "The partner token is missing."),
    800002: (400, "The input of the request is not valid."),
    800004: (400, "The offer is not valid."),
    800008: (404, "The cart was not found."),
    800009: (400, "A line item of the cart is not valid."),
    800012: (400, "The subscription is not active."),
    800020: (403, "The catalog item is not eligible for purchase."),
    800023: (403, "The credit line is below the threshold of this purchase."),
    800029: (400, "The add-on does not belong to the offer of the base subscription."),
    800039: (403, "The reseller program status is not active."),
    800040: (400, "The subscription cannot change from its present status to that one."),
    800042: (400, "The operation is not supported."),
    800063: (400, "This order cannot be cancelled. Suspend its subscription instead."),
    800065: (400, "The cart has been submitted already."),
    800067: (403, "The quantity is above the limit of seats for this subscription."),
    800069: (403, "The order failed the risk check."),
    800073: (403, "The customer account is under review."),
    800075: (403, "The customer account was not approved."),
    800078: (400, "A subscription of the transfer is not valid."),
    800085: (400, "The billing cycle is not one that the offer supports."),
    800090: (400, "Subscription quantity cannot be decreased."),
    800091: (400, "A suspended subscription cannot be updated."),
    800093: (400, "The subscription cannot be changed at its next term without auto-renew."),
    800095: (400, "The seats of this subscription cannot be changed."),
    800096: (400, "The status of this subscription cannot be changed by the partner."),
    800097: (400, "The billing cycle of this subscription cannot be changed now."),
    800098: (400, "The partner on record of this subscription cannot be changed to that one."),
    800107: (400, "The term of a trial cannot be changed."),
    800111: (404, "The Azure subscription was not found under this plan."),
    800121: (400, "The product is not sold for that term."),
    800122: (400, "The term cannot be shorter than the present one."),
    900100: (404, "The transfer was not found."),
    900101: (409, "A transfer between these partners is under way already."),
    900102: (400, "The transfer cannot be processed in its present status."),
    900117: (400, "The cancellation window has passed."),
    900121: (403, "The credit limit is insufficient for this order."),
    900123: (403, "The indirect reseller has not accepted the Microsoft Partner Agreement."),
    900133: (400, "The Azure plan has not been purchased for this customer."),
    900136: (400, "The source partner of the transfer is missing."),
    900137: (403, "The partner cannot answer this transfer."),
    900148: (400, "The source and the target partner are the same."),
    900203: (400, "The item requires that its attestation is accepted."),
    900206: (400, "The partner on record attestation is not accepted."),
    900213: (400, "This subscription cannot be cancelled."),
    900214: (400, "The quantity can only be lowered by seats that are still refundable."),
    900215: (400, "The subscription is not active."),
    900216: (400, "The subscription is being processed already."),
    900217: (400, "The subscription ends within 24 hours."),
    900218: (400, "The subscription has a promotion."),
    900219: (400, "The subscription has add-ons that do not qualify."),
    900220: (400, "There is no new-commerce product for the offer."),
    900222: (400, "The term and billing cycle are not offered together."),
    900226: (403, "The subscription has been active for one month or less."),
    900236: (400, "The target subscription must end later than the source."),
    900242: (400, "The custom end date of the term is not valid."),
    900244: (400, "Only new-commerce seats take a custom end date."),
    900245: (400, "The custom end date must be within the first term."),
    900246: (400, "The custom end date matches no subscription and no end of a month."),
    900247: (400, "The partner on record of the subscription is not valid."),
    900252: (400, "The purchase order document is required."),
    900253: (400, "A tender requires its document or a link to it."),
    900254: (400, "The metadata is not valid: customer price and currency are required."),
    900258: (400, "The target subscription is not active."),
    900259: (400, "The target subscription is the source."),
    900260: (400, "The target subscription is of another product."),
    900267: (400, "The term of the target cannot be shorter than that of the source."),
    900269: (400, "The product is not billed in that cycle."),
    900270: (400, "The billing cycle is longer than the term."),
    900275: (400, "The quantity is not within the limits of this product."),
    900277: (400, "The subscription is expiring and cannot be updated."),
    900278: (409, "Another operation on this subscription is still running. Retry later."),
    900291: (400, "The custom end date of the migration must be within the first term."),
    900292: (400, "The custom end date matches no subscription and no end of a month."),
    900307: (400, "The reason of the cancellation is not valid."),
    900308: (403, "Access to the directory of this customer was not granted."),
    900312: (400, "The scope of the provisioning context is not supported."),
    900313: (400, "The entitlement id (Azure subscription id) is required."),
    900314: (400, "The Azure subscription of the entitlement id is not active."),
    900317: (400, "The subscription id (Azure plan id) is required."),
    900318: (400, "The Azure plan has no active Azure subscription."),
    900321: (403, "The operation is not supported for Azure savings plans."),
    900323: (403, "The partner on record is not that of the Azure plan."),
    900329: (403, "An app-only token is not accepted for this operation: use App+User."),
    900420: (401, "The audience of the token is not valid."),
}


@dataclass
class Refusal(Exception):  # noqa: N818 - it is an answer of the service, not a failure of ours
    """An answer that refuses. ``code`` is Partner Center's; ``status`` overrides the table."""

    code: int
    description: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        status, description = CODES.get(self.code, (500, "The service failed."))
        self.status = self.status or status
        self.description = self.description or description

    @property
    def body(self) -> dict[str, Any]:
        return {**shape(self.code, self.description), "data": self.data}


def shape(code: int, description: str) -> dict[str, Any]:
    """Return Partner Center's error body."""
    return {"code": code, "description": description, "data": [], "source": SOURCE}


# What Microsoft Graph calls a refusal of a status.
GRAPH_CODES = {
    400: "badRequest",
    401: "InvalidAuthenticationToken",
    403: "Authorization_RequestDenied",
    404: "notFound",
    409: "conflict",
}


def graph_shape(refusal: Refusal, request_id: str) -> dict[str, Any]:
    """Return the error body of Microsoft Graph."""
    code = GRAPH_CODES.get(refusal.status, "generalException")
    inner = {"request-id": request_id, "client-request-id": request_id}
    return {"error": {"code": code, "message": refusal.description, "innerError": inner}}
