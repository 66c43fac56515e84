"""What an error code means, in words that staff would use.

The texts are English message ids: pages pass them through gettext. ``N_`` only marks them.
"""

from functools import lru_cache

from portal.reference.tables import rows


def N_(text: str) -> str:  # noqa: N802  # the name that message extraction looks for
    """Mark a text for translation and return it unchanged."""
    return text


CODES: dict[str, str] = {
    "400": N_("Partner Center does not accept this account for the call."),
    "1000": N_("Partner Center does not know this record."),
    "2001": N_("The number of seats cannot change while the subscription is suspended."),
    "2002": N_("The number of seats is outside what the offer allows."),
    "2011": N_("The subscription is deleted and can no longer change."),
    "2032": N_("Partner Center does not let this account do that."),
    "2054": N_("The billing frequency of this subscription is changed through its order."),
    "2055": N_(
        "The subscription has changed since it was read. Look at it again before you decide."
    ),
    "2085": N_("The customer is not eligible for this offer."),
    "3000": N_("One of the values is not valid."),
    "4018": N_("The order can no longer be changed."),
    "13605": N_("The customer has not accepted the Customer Agreement."),
    "20000": N_("Partner Center does not know this order."),
    "20002": N_("There is no reseller relationship with this customer."),
    "20003": N_("Partner Center does not know this subscription."),
    "60002": N_("Partner Center does not know this user."),
    "60003": N_("Partner Center does not know this customer."),
    "400013": N_("Partner Center does not sell this product."),
    "400018": N_("Partner Center does not sell this SKU."),
    "400019": N_("This is not sold on these terms any more. Choose it again from the catalogue."),
    "800001": N_("The call carried no valid token."),
    "800002": N_("One of the values is not valid."),
    "800003": N_("Something failed at Partner Center."),
    "800008": N_("Partner Center does not know this cart: it has expired, or was never there."),
    "800009": N_("A line of the cart is wrong."),
    "800012": N_("The subscription is not active."),
    "800014": N_("Another change to this order is still running."),
    "800021": N_("Partner Center does not know this subscription."),
    "800023": N_("The credit line of the partner is too low for this order."),
    "800025": N_("The credit line of the partner is too low for this order."),
    "800029": N_("The add-on does not go with the base subscription."),
    "800039": N_("The indirect reseller is not active in the programme that this needs."),
    "800040": N_("The subscription cannot change from its present status to that one."),
    "800061": N_("This order cannot be cancelled."),
    "800063": N_("This order cannot be cancelled. Suspend its subscription instead."),
    "800064": N_("The cart is being checked out by someone else."),
    "800065": N_("This cart was checked out already."),
    "800067": N_("The number of seats is above the limit for one subscription."),
    "800069": N_("Partner Center's risk check refused the order."),
    "800073": N_("Microsoft is reviewing the customer. Order again once that is over."),
    "800074": N_("Microsoft is reviewing the customer. Order again once that is over."),
    "800075": N_("Microsoft has not approved the customer."),
    "800078": N_("One of the subscriptions cannot be transferred."),
    "800082": N_("The subscription is not ready for a change yet. Try again in a few minutes."),
    "800085": N_("The billing is not one that the offer or the order allows."),
    "800090": N_(
        "These seats can no longer be taken off in this term. Lower the number at renewal."
    ),
    "800091": N_("A suspended subscription cannot change. Reactivate it first."),
    "800093": N_("Auto-renew cannot be set for this subscription."),
    "800094": N_("Partner Center could not change the subscription."),
    "800095": N_("Partner Center refused the new number of seats."),
    "800096": N_("Partner Center refused the new status."),
    "800097": N_("The billing of this subscription cannot be changed now."),
    "800107": N_("The term of a trial cannot be changed."),
    "800111": N_(
        "Partner Center does not know this Azure subscription, or it is not under this plan."
    ),
    "800121": N_("In mid-term the term can only get longer."),
    "800122": N_("The product is not sold for that term."),
    "900100": N_("Partner Center does not know this transfer."),
    "900101": N_("A transfer with this partner is under way already."),
    "900102": N_("The transfer can no longer be answered."),
    "900103": N_("The transfer failed at Partner Center."),
    "900104": N_("Another request about this transfer is still running."),
    "900117": N_("The time in which this could be cancelled has passed."),
    "900118": N_("Partner Center does not know this customer."),
    "900121": N_("The credit limit of the partner does not cover this order."),
    "900123": N_("The indirect reseller has not accepted the Microsoft Partner Agreement."),
    "900124": N_("The partner has not accepted the Microsoft Partner Agreement."),
    "900131": N_("Legacy Azure offers of the customer bar the transfer."),
    "900132": N_("The customer's Azure plan is not active."),
    "900133": N_("The customer has no Azure plan at this partner yet. Buy one first."),
    "900134": N_("The Azure plan cannot be bought for this customer."),
    "900135": N_("The transfer could not be begun."),
    "900136": N_("The partner that gives away is missing."),
    "900137": N_("This partner may not answer the transfer."),
    "900138": N_("The cloud of the customer has no transfers."),
    "900139": N_("The Azure plan bars that the transfer is approved."),
    "900145": N_("Reservations bar the transfer."),
    "900146": N_("Marketplace subscriptions bar the transfer."),
    "900148": N_("Both partners of the transfer are the same."),
    "900149": N_("The partner account is not active in the programme that this needs."),
    "900150": N_("The role of the account lacks the right for this call."),
    "900160": N_("The transfer is not allowed."),
    "900203": N_("The sale by the indirect reseller on record was not confirmed."),
    "900206": N_("The terms that this product asks for were not accepted."),
    "900213": N_("The time in which this could be cancelled has passed."),
    "900214": N_(
        "These seats can no longer be taken off in this term. Lower the number at renewal."
    ),
    "900215": N_("The subscription cannot be migrated to new commerce as asked."),
    "900216": N_("The subscription cannot be migrated to new commerce as asked."),
    "900217": N_("The subscription cannot be migrated to new commerce as asked."),
    "900218": N_("The subscription cannot be migrated to new commerce as asked."),
    "900219": N_("The subscription cannot be migrated to new commerce as asked."),
    "900220": N_("The subscription cannot be migrated to new commerce as asked."),
    "900221": N_("The subscription cannot be migrated to new commerce as asked."),
    "900222": N_("The subscription cannot be migrated to new commerce as asked."),
    "900223": N_("The subscription cannot be migrated to new commerce as asked."),
    "900224": N_("The subscription cannot be migrated to new commerce as asked."),
    "900225": N_("Partner Center took too long over the migration."),
    "900226": N_("The subscription cannot be migrated to new commerce as asked."),
    "900236": N_("The subscription cannot be upgraded to that product."),
    "900242": N_("The term may not end on that day."),
    "900244": N_("The term may not end on that day."),
    "900245": N_("The term may not end on that day."),
    "900246": N_("The term may not end on that day."),
    "900247": N_("The migration cannot be planned for that day."),
    "900248": N_("The migration cannot be planned for that day."),
    "900257": N_("Fewer seats can be taken off than asked. See which are still refundable."),
    "900258": N_("The subscription cannot be upgraded to that product."),
    "900259": N_("The subscription cannot be upgraded to that product."),
    "900260": N_("The subscription cannot be upgraded to that product."),
    "900261": N_("The subscription cannot be upgraded to that product."),
    "900262": N_("The planned migration can no longer be changed."),
    "900267": N_("The product that it should become is not sold here."),
    "900268": N_("The product that it should become is not sold here."),
    "900269": N_("The billing does not fit the term, or the product is not billed so."),
    "900270": N_("The billing does not fit the term, or the product is not billed so."),
    "900275": N_("The number of seats is outside what the offer allows."),
    "900277": N_("The subscription cannot be changed in this way."),
    "900278": N_("Another change to this subscription is still running."),
    "900279": N_("The subscription cannot be changed in this way."),
    "900280": N_("The subscription cannot be changed in this way."),
    "900307": N_("Partner Center cancels an Azure subscription only because it is compromised."),
    "900308": N_("The partner has no delegated admin role (GDAP) for this customer."),
    "900309": N_("The customer's conditional access policy blocks the call."),
    "900311": N_("The subscription has been changed too often. Try again later."),
    "900313": N_("The Azure subscription cannot be changed as it stands now."),
    "900314": N_("The Azure subscription cannot be changed as it stands now."),
    "900316": N_("The account lacks the permission for this call."),
    "900329": N_("This call needs the consent of a person (App+User)."),
    "900400": N_("The transfer is not allowed."),
    "900420": N_("The token was issued for a directory service that was withdrawn."),
    "AADSTS50020": N_("The account does not belong to this tenant."),
    "AADSTS50034": N_("The sign-in service does not know this account."),
    "AADSTS50076": N_("Multi-factor sign-in is needed. Give consent again."),
    "AADSTS50078": N_("The multi-factor sign-in has run out. Give consent again."),
    "AADSTS50079": N_("The account must enrol for multi-factor sign-in first."),
    "AADSTS50173": N_("The consent was revoked. Give consent again."),
    "AADSTS54005": N_("This sign-in was already used. Start the consent again."),
    "AADSTS65001": N_("Nobody has given consent for this application yet."),
    "AADSTS65004": N_("Consent was declined."),
    "AADSTS70000": N_("The consent is no longer valid. Give consent again."),
    "AADSTS70008": N_("The consent has expired. Give consent again."),
    "AADSTS90002": N_("The sign-in service does not know this tenant."),
    "AADSTS500011": N_("Partner Center is not enabled in this tenant."),
    "AADSTS700016": N_("The sign-in service does not know this application id in the tenant."),
    "AADSTS700082": N_("The consent was not used for 90 days and has expired. Give consent again."),
    "AADSTS700084": N_("The consent has expired. Give consent again."),
    "AADSTS7000215": N_("The client secret is not valid."),
    "AADSTS7000222": N_("The client secret has expired."),
    "access_denied": N_("Consent was declined."),
    "invalid_client": N_("The client id or its secret is not valid."),
}

KINDS: dict[str, str] = {
    "BadAnswer": N_("The answer did not come from Partner Center, or only in part."),
    "Conflict": N_("Another operation on this record is still running."),
    "ConsentNeeded": N_("A person must give consent again."),
    "ForeignHost": N_("An answer pointed to another host and was not followed."),
    "NoAnswer": N_("No answer came back, so the outcome is not known yet."),
    "NotReady": N_("Partner Center is still putting the data together."),
    "PermissionMissing": N_("The account lacks a right that this call needs."),
    "PreconditionFailed": N_("The record has changed since it was read."),
    "QuantityNotAllowed": N_("Partner Center refused the number of seats."),
    "ReadOnlyBlocked": N_("The connection is read only. Nothing was sent."),
    "Throttled": N_("Partner Center asks to wait before the next call."),
    "TokenRefused": N_("The sign-in service refused the connection's credentials."),
    "Unauthorized": N_("Partner Center did not accept the token."),
    "Unreachable": N_("The service cannot be reached. Nothing was sent."),
    "UpstreamUnavailable": N_("Something failed at Microsoft. Try again later."),
}

STATUSES: dict[int, str] = {
    400: N_("Partner Center cannot carry out the request as it stands."),
    401: N_("Partner Center did not accept the token."),
    403: N_("The account may not do this."),
    404: N_("Partner Center does not know this record."),
    409: N_("Another operation on this record is still running."),
    412: N_("The record has changed since it was read."),
    429: N_("Partner Center asks to wait before the next call."),
    501: N_("Partner Center does not offer this call."),
}

UNKNOWN = N_("Partner Center gave an answer that the portal does not know.")


def explain(code: str | None, *, status: int | None = None, kind: str = "") -> str:
    """Return the text for an error: by its code, else by its class name, else by its status.

    ``kind`` is the name of a ``PartnerError`` class. A 5xx that is not named says that something
    failed at Microsoft. The answer is an English message id, never empty.
    """
    if code and code in CODES:
        return CODES[code]
    if kind in KINDS:
        return KINDS[kind]
    if status in STATUSES:
        return STATUSES[status]
    return KINDS["UpstreamUnavailable"] if status and status >= 500 else UNKNOWN


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, int], str]:
    return {(row["code"], int(row["status"])): row["name"] for row in rows("error-codes")}


def code_name(code: str, status: int) -> str:
    """Return the short name of a documented code with its status; empty where not documented."""
    return _names().get((code, status), "")
