"""What an error code means, in words that staff would use.

The texts are English message ids: pages pass them through gettext. ``N_`` only marks them.
"""

from functools import lru_cache

from portal.reference.tables import rows


def N_(text: str) -> str:  # noqa: N802  # the name that message extraction looks for
    """Mark a text for translation and return it unchanged."""
    return text


CODES: dict[str, str] = {
    "0": N_("Partner Center cannot tell what went wrong."),
    "400": N_("Partner Center does not accept this account for the call."),
    "1000": N_("Partner Center does not know this record."),
    "2001": N_("The number of seats cannot change while the subscription is suspended."),
    "2002": N_("The number of seats is outside what the offer allows."),
    "2006": N_("The partner cannot sell this offer, or the subscription cannot move to it."),
    "2007": N_("The address is not valid."),
    "2011": N_("The subscription is deleted and can no longer change."),
    "2012": N_("Partner Center could not find the subscription in the directory."),
    "2030": N_("The partner cannot sell in this country."),
    "2032": N_("Partner Center does not let this account do that."),
    "2054": N_("The billing frequency of this subscription is changed through its order."),
    "2055": N_(
        "The subscription has changed since it was read. Look at it again before you decide."
    ),
    "2071": N_("The PartnerID is not that of an adviser."),
    "2072": N_("The PartnerID of the indirect provider is not valid."),
    "2085": N_("The customer is not eligible for this offer."),
    "2091": N_("This offer is no longer sold."),
    "2100": N_("This is a product, not a legacy offer. Choose it in the catalogue."),
    "3000": N_("One of the values is not valid."),
    "4018": N_("The order can no longer be changed."),
    "6000": N_("The subscription is not active, so its billing cannot be changed."),
    "6001": N_("The offer is not billed in that way for this term."),
    "13605": N_("The customer has not accepted the Customer Agreement."),
    "20000": N_("Partner Center does not know this order."),
    "20002": N_("There is no reseller relationship with this customer."),
    "20003": N_("Partner Center does not know this subscription."),
    "27006": N_("The customer has used up what this offer allows."),
    "27007": N_("The promotion code is not valid."),
    "27009": N_("The subscription that this is added to is not active. Reactivate it first."),
    "60000": N_("The licences could not be moved."),
    "60002": N_("Partner Center does not know this user."),
    "60003": N_("Partner Center does not know this customer."),
    "60012": N_("No licence is left. Buy more seats first."),
    "400013": N_("Partner Center does not sell this product."),
    "400018": N_("Partner Center does not sell this SKU."),
    "400019": N_("This is not sold on these terms any more. Choose it again from the catalogue."),
    "400030": N_("This segment is not open to the partner."),
    "400036": N_("This part of the catalogue is not open to the partner."),
    "400056": N_("One of the values is not valid."),
    "400072": N_("This is not available."),
    "600002": N_("A registration number is not asked for in this country."),
    "600039": N_("Partner Center does not know this self-service policy."),
    "600040": N_("Partner Center does not know this self-service policy."),
    "600041": N_("There is such a self-service policy already."),
    "600049": N_("The registration number of the customer is missing."),
    "600050": N_("The registration number does not have the form of this country."),
    "600051": N_("The phone number of the customer is missing."),
    "600074": N_("Partner Center has no review of this customer."),
    "800001": N_("The call carried no valid token."),
    "800002": N_("One of the values is not valid."),
    "800003": N_("Something failed at Partner Center."),
    "800004": N_("Partner Center does not know this offer."),
    "800005": N_("The order could not be made at Partner Center."),
    "800007": N_("Partner Center cannot say yet how far the order is."),
    "800008": N_("Partner Center does not know this cart: it has expired, or was never there."),
    "800009": N_("A line of the cart is wrong."),
    "800010": N_("It is not in stock there. Choose another region or fewer."),
    "800011": N_("The Azure subscription that this is bought for is not valid."),
    "800012": N_("The subscription is not active."),
    "800013": N_("The Azure subscription is not enabled for reservations."),
    "800014": N_("Another change to this order is still running."),
    "800015": N_("Partner Center does not know this PartnerID."),
    "800016": N_("The PartnerID is not that of an indirect reseller."),
    "800017": N_("It is not in stock there. Choose another region or fewer."),
    "800018": N_("The limit of the sandbox is reached."),
    "800019": N_("Only an order of a sandbox can be cancelled in this way."),
    "800020": N_("The customer cannot buy this product."),
    "800021": N_("Partner Center does not know this subscription."),
    "800022": N_("Microsoft must be asked before this can be bought. Its support can help."),
    "800023": N_(
        "The credit line of the partner is too low. Pay what is due, or ask Microsoft to raise it."
    ),
    "800024": N_("This purchase is not allowed for the partner."),
    "800025": N_(
        "The credit line of the partner is too low. Pay what is due, or ask Microsoft to raise it."
    ),
    "800026": N_("This purchase is not allowed for the partner."),
    "800027": N_("The number of seats of this subscription cannot be changed."),
    "800028": N_("The first term of this purchase is no longer sold."),
    "800029": N_("The add-on does not go with the base subscription."),
    "800030": N_("The Azure subscription must be registered for this first."),
    "800031": N_("The product cannot be bought in this way."),
    "800036": N_("The record has changed since it was read."),
    "800037": N_("Partner Center does not know what was bought."),
    "800038": N_("Partner Center does not know how this is billed next."),
    "800039": N_("The indirect reseller is not active in the programme that this needs."),
    "800040": N_("The subscription cannot change from its present status to that one."),
    "800041": N_("This is activated already."),
    "800042": N_("Partner Center does not offer this here."),
    "800043": N_("The account may not see prices."),
    "800060": N_("The order is still being worked on."),
    "800061": N_("This order cannot be cancelled."),
    "800062": N_("This purchase is not allowed for the partner."),
    "800063": N_("This order cannot be cancelled. Suspend its subscription instead."),
    "800064": N_("The cart is being checked out by someone else."),
    "800065": N_("This cart was checked out already."),
    "800066": N_("The customer has as many subscriptions of this product as are allowed."),
    "800067": N_("The number of seats is above the limit for one subscription."),
    "800068": N_("The partner has as many Azure subscriptions as are allowed."),
    "800069": N_(
        "Partner Center's risk check refused the order. Microsoft's support can say more."
    ),
    "800070": N_("The offer is not sold in this country."),
    "800071": N_("The order has no such line."),
    "800072": N_("The billing of the order is still being brought into line."),
    "800073": N_("Microsoft is reviewing the customer. Order again once that is over."),
    "800074": N_("Microsoft is reviewing the customer. Order again once that is over."),
    "800075": N_("Microsoft has not approved the customer. Nothing can be ordered for it."),
    "800076": N_("The subscription has no history."),
    "800077": N_("This is cancelled on the subscription, not on the order."),
    "800078": N_("One of the subscriptions cannot be transferred."),
    "800080": N_("The partner has no account for this kind of billing."),
    "800081": N_("The subscription must be activated before it can change."),
    "800082": N_("The subscription is not ready for a change yet. Try again in a few minutes."),
    "800083": N_("The product cannot be bought in that number."),
    "800084": N_("The product is not sold for that term."),
    "800085": N_("The billing is not one that the offer or the order allows."),
    "800086": N_("The customer lacks the qualification that this offer needs."),
    "800087": N_("Partner Center could not work on a line of the order."),
    "800088": N_("So many seats are no longer left for this customer."),
    "800089": N_("The customer has as many purchases of this product as are allowed."),
    "800090": N_(
        "These seats can no longer be taken off in this term. Lower the number at renewal."
    ),
    "800091": N_("A suspended subscription cannot change. Reactivate it first."),
    "800092": N_("Seats with Software Assurance cannot be added."),
    "800093": N_("Auto-renew cannot be set for this subscription."),
    "800094": N_("Partner Center could not change the subscription."),
    "800095": N_("Partner Center refused the new number of seats."),
    "800096": N_("Partner Center refused the new status."),
    "800097": N_("The billing of this subscription cannot be changed now."),
    "800098": N_("The reseller on record of this subscription cannot become that one."),
    "800107": N_("The term of a trial cannot be changed."),
    "800111": N_(
        "Partner Center does not know this Azure subscription, or it is not under this plan."
    ),
    "800112": N_("Legacy Azure subscriptions of the customer bar overage."),
    "800114": N_("The partner may not manage overage for this customer."),
    "800115": N_("Overage is assigned to another tenant already."),
    "800121": N_("The product is not sold for that term."),
    "800122": N_("In mid-term the term can only get longer."),
    "900100": N_("Partner Center does not know this transfer."),
    "900101": N_("A transfer with this partner is under way already."),
    "900102": N_("The transfer can no longer be answered."),
    "900103": N_("The transfer failed at Partner Center."),
    "900104": N_("Another request about this transfer is still running."),
    "900105": N_("A suspended Azure subscription bars the move to the Azure plan."),
    "900106": N_("Partner Center does not know this upgrade."),
    "900107": N_("The catalogue item is missing."),
    "900108": N_("The customer has no Azure subscription to upgrade."),
    "900109": N_("An upgrade is under way already."),
    "900110": N_("The upgrade is completed already."),
    "900111": N_("The upgrade belongs to another customer."),
    "900112": N_(
        "The customer's Azure subscriptions are being upgraded. Order again once that is done."
    ),
    "900113": N_(
        "The customer's Azure subscriptions are being upgraded. Order again once that is done."
    ),
    "900114": N_(
        "The customer's Azure subscriptions are being upgraded. Order again once that is done."
    ),
    "900115": N_("Active Azure subscriptions bar that the plan is suspended."),
    "900116": N_("A sandbox has one Azure plan for each customer."),
    "900117": N_("The time in which this could be cancelled has passed."),
    "900118": N_("Partner Center does not know this customer."),
    "900119": N_("The upgrade is not allowed."),
    "900120": N_("The upgrade is not allowed."),
    "900121": N_(
        "The credit limit does not cover this order. Pay what is due, or ask Microsoft to raise it."
    ),
    "900122": N_("Partner Center does not know this quote."),
    "900123": N_("The indirect reseller has not accepted the Microsoft Partner Agreement."),
    "900124": N_("The partner has not accepted the Microsoft Partner Agreement."),
    "900125": N_("One of the values is not valid."),
    "900126": N_("One of the values is not valid."),
    "900127": N_("Partner Center does not offer this here."),
    "900128": N_("The customer needs an Azure plan first."),
    "900129": N_("The customer needs an Azure plan first."),
    "900130": N_("A recent Azure purchase bars the move."),
    "900131": N_("Legacy Azure offers of the customer bar the transfer."),
    "900132": N_("The customer's Azure plan is not active."),
    "900133": N_("The customer has no Azure plan at this partner yet. Buy one first."),
    "900134": N_("The Azure plan cannot be bought for this customer."),
    "900135": N_("The transfer could not be begun."),
    "900136": N_("The partner that gives away is missing."),
    "900137": N_("This partner may not answer the transfer."),
    "900138": N_("The cloud of the customer has no transfers."),
    "900139": N_(
        "The transfer cannot be approved with its Azure subscriptions. Ask for one without them."
    ),
    "900140": N_("The subscriptions of the directory cannot be read."),
    "900141": N_("Partner Center does not offer this here."),
    "900142": N_("The catalogue item is missing."),
    "900143": N_("Partner Center could not find out what is sold."),
    "900144": N_("The product lacks what is needed to set it up."),
    "900145": N_("Reservations bar the transfer."),
    "900146": N_("Marketplace subscriptions bar the transfer."),
    "900147": N_("The domain of the partner is not valid."),
    "900148": N_("Both partners of the transfer are the same."),
    "900149": N_("The partner account is not active in the programme that this needs."),
    "900150": N_("The role of the account lacks the right for this call."),
    "900160": N_("The transfer is not allowed."),
    "900169": N_("The currency is neither the partner's nor that of the customer's market."),
    "900192": N_("Something failed at Microsoft. Try again later."),
    "900203": N_("The terms that this product asks for were not accepted."),
    "900206": N_("The sale by the indirect reseller on record was not confirmed."),
    "900213": N_("The time in which this could be cancelled has passed."),
    "900214": N_(
        "These seats can no longer be taken off in this term. Lower the number at renewal."
    ),
    "900215": N_("The subscription is not active, so it cannot be migrated."),
    "900216": N_("The subscription is being changed just now. Migrate it later."),
    "900217": N_("The term ends within 24 hours: the subscription can no longer be migrated."),
    "900218": N_("A promotion applies to the subscription, so it cannot be migrated."),
    "900219": N_("Add-ons of the subscription bar the migration."),
    "900220": N_("New commerce has no product for this offer yet."),
    "900221": N_("The subscription cannot be migrated to new commerce as it stands."),
    "900222": N_("The product is not sold for that term and billing together."),
    "900223": N_("The partner may not migrate subscriptions yet."),
    "900224": N_("Partner Center does not know this migration."),
    "900225": N_("The migration failed at Partner Center."),
    "900226": N_("The subscription has been active for a month or less. Migrate it later."),
    "900236": N_("The subscription that the seats would join ends before this one."),
    "900242": N_("The term may not end on that day. Choose one of the days offered."),
    "900244": N_("Only seats of new commerce can end on a day of choice."),
    "900245": N_("The day must fall into the first term after the renewal."),
    "900246": N_("The term may not end on that day. Choose one of the days offered."),
    "900247": N_("The reseller on record of the subscription is not valid."),
    "900248": N_("An add-on is named twice in the migration."),
    "900252": N_("The document of the purchase order is missing."),
    "900253": N_("A tender needs its document or a link to it."),
    "900254": N_("The customer's price or its currency is missing."),
    "900257": N_(
        "The time in which these seats can be taken off has passed. Lower the number at renewal."
    ),
    "900258": N_("The subscription that the seats would join is not active."),
    "900259": N_("A subscription cannot be upgraded into itself."),
    "900260": N_("The subscription that the seats would join is of another product."),
    "900261": N_(
        "The subscription that the seats would join is not ready yet. Try again in a few minutes."
    ),
    "900262": N_("An add-on named in the migration does not exist or is not active."),
    "900263": N_("Legacy subscriptions do not have this."),
    "900267": N_("The term of the new product is shorter than the present one."),
    "900268": N_("The new product is not sold for that term."),
    "900269": N_("The product is not billed in that way."),
    "900270": N_("The billing is longer than the term."),
    "900275": N_("The number of seats is outside what the offer allows."),
    "900277": N_("The subscription is about to expire and can no longer change."),
    "900278": N_("Another change to this subscription is still running. It can take 24 hours."),
    "900279": N_("The subscription can no longer be changed."),
    "900280": N_("The subscription cannot be changed just now. Try again later."),
    "900291": N_("The day must fall into the first term after the migration."),
    "900292": N_("The term may not end on that day. Choose one of the days offered."),
    "900307": N_("Partner Center cancels an Azure subscription only because it is compromised."),
    "900308": N_("The partner has no delegated admin role (GDAP) for this customer."),
    "900309": N_("The customer's conditional access policy blocks the call."),
    "900311": N_(
        "The subscription has been changed too often. Microsoft's partner support can help."
    ),
    "900312": N_("It cannot be shared in that way. Choose again who uses it."),
    "900313": N_("Say for which Azure subscription this is bought."),
    "900314": N_("The Azure subscription that this is bought for is not active."),
    "900315": N_("This cannot be bought for that Azure subscription."),
    "900316": N_("The account lacks the permission for this call."),
    "900317": N_("Say under which Azure plan this is bought."),
    "900318": N_("The customer needs an Azure plan with an active Azure subscription first."),
    "900321": N_("Savings plans are changed in the Azure portal."),
    "900322": N_("This cannot be bought in a sandbox."),
    "900323": N_("The reseller on record must be that of the customer's Azure plan."),
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
