"""Subscriptions, legacy and new commerce in one shape.

Field names and notes come from the new-commerce facts first, then from the table of 2021.
Instants are ISO 8601 strings in UTC; durations are ISO 8601 (P1M, P1Y, P3Y).
"""

from decimal import Decimal
from typing import TypedDict

from portal.partnercenter.resources.common import (
    JsonObject,
    Link,
    ResourceAttributes,
    ResourceCollection,
)


class ProductType(TypedDict, total=False):
    """``OnlineServicesNCE`` for new-commerce seats, ``Azure`` for plans; absent on legacy."""

    id: str
    displayName: str
    subType: JsonObject


class RefundOption(TypedDict, total=False):
    """``type`` Full or Partial. Examples say ``expiresAt``, the table ``expiresAfter``."""

    type: str
    expiresAt: str
    expiresAfter: str


class RefundableDetail(TypedDict, total=False):
    quantity: int
    allowedUntilDateTime: str


class RefundableQuantity(TypedDict, total=False):
    """Seats that may still be taken off, one entry for each increase."""

    totalQuantity: int
    details: list[RefundableDetail]


class TermProduct(TypedDict, total=False):
    productId: str
    skuId: str
    availabilityId: str
    billingCycle: str
    termDuration: str
    promotionId: str


class TermInstructions(TypedDict, total=False):
    """What the next term or the next charge shall be; leaving it out of a PATCH drops it."""

    product: TermProduct
    quantity: int
    customTermEndDate: str


class ScheduledAction(TypedDict, total=False):
    """Successor of ``scheduledNextTermInstructions``; where both are sent only this counts.

    ``scheduleType``: TermEnd, CustomDate. ``actionType``: Cancel, RenewToNewTerm,
    RenewToExtendedServiceTerm, Transition.
    """

    scheduleType: str
    actionType: str
    effectiveDate: str
    instructions: TermInstructions


class PurchaseCommitment(TypedDict, total=False):
    amount: Decimal
    grain: str
    currency: str


class PlanScope(TypedDict, total=False):
    """``type`` single or shared; ``entitlementId`` is the Azure subscription of a single one."""

    type: str
    entitlementId: str


class SubscriptionLineItem(TypedDict, total=False):
    """A line of a savings plan."""

    id: str
    friendlyName: str
    scope: PlanScope
    purchaseCommitment: PurchaseCommitment
    autoRenewEnabled: bool
    status: str


class SubscriptionLinks(TypedDict, total=False):
    """``product``, ``sku`` and ``availability`` stand in for ``offer`` in new commerce."""

    offer: Link
    entitlement: Link
    parentSubscription: Link
    product: Link
    sku: Link
    availability: Link
    activationLinks: Link
    self: Link
    next: Link
    previous: Link


class Subscription(TypedDict, total=False):
    """One subscription.

    ``status``: none, active, pending, suspended, deleted, expired, disabled.
    ``billingCycle``: unknown, monthly, annual, none, one_time, triennial, biennial.
    ``refundableQuantity`` comes with one subscription only, null while suspended.
    ``cancellationAllowedUntilDate`` null means no cancelling.
    ``commitmentEndDate`` is the last day of the term, inclusive in new commerce.
    ``partnerId`` is the PartnerID (once MPN id) of the reseller of record.
    """

    id: str
    offerId: str
    offerName: str
    friendlyName: str
    entitlementId: str
    productType: ProductType
    quantity: int
    unitType: str
    status: str
    parentSubscriptionId: str | None
    creationDate: str
    effectiveStartDate: str
    commitmentEndDate: str
    commitmentEndDateTime: str
    billingCycleEndDate: str
    billingCycleEndDateTime: str
    cancellationAllowedUntilDate: str | None
    autoRenewEnabled: bool
    isTrial: bool
    isMicrosoftProduct: bool
    hasPurchasableAddons: bool
    publisherName: str
    billingType: str
    billingCycle: str
    termDuration: str
    renewalTermDuration: str
    refundOptions: list[RefundOption]
    refundableQuantity: RefundableQuantity | None
    scheduledNextTermInstructions: TermInstructions | None
    scheduledActions: list[ScheduledAction]
    nextChargeInstructions: TermInstructions | None
    promotionId: str
    migratedFromSubscriptionId: str
    customTermEndDate: str
    consumptionType: str
    productOrderId: str
    lineItems: list[SubscriptionLineItem]
    attentionNeeded: bool
    actionTaken: bool
    actions: list[str]
    suspensionReasons: list[str]
    contractType: str
    orderId: str
    partnerId: str | None
    links: SubscriptionLinks
    attributes: ResourceAttributes


class SubscriptionCollection(ResourceCollection[Subscription], total=False):
    pass
