"""Subscriptions and orders as Partner Center lists them, each with the reseller that tenancy gave it."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.carts.models import Cart, CartLine
from orders.catalogue.models import Availability, Offer, Product, Shelf, Sku
from orders.entitled.models import AzureSubscription
from orders.prices.models import PriceBook, PriceRule, PriceSheet, SheetPrice
from orders.purchase_orders.models import OrderPaper
from orders.renewals.models import TermAlert, TermDecision, TermLetter
from orders.to_new_commerce.models import NceMigration, NceSchedule
from orders.transfers.models import Transfer
from portal.mirror.models import DetailMixin, MirrorModel

__all__ = [
    "Availability",
    "AzureSubscription",
    "Cart",
    "CartLine",
    "NceMigration",
    "NceSchedule",
    "Offer",
    "OrderPaper",
    "PriceBook",
    "PriceRule",
    "PriceSheet",
    "Product",
    "SheetPrice",
    "Shelf",
    "Sku",
    "Subscription",
    "TermAlert",
    "TermDecision",
    "TermLetter",
    "Transfer",
]

LIVE = models.Q(gone_at__isnull=True)


# History keeps the state that a change ended (the old row): a first load then writes no history.
@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    fields=[
        "connection",
        "pc_id",
        "gone_at",
        "customer",
        "customer_pc_id",
        "reseller",
        "partner_mpn_id",
        "friendly_name",
        "offer_name",
        "offer_id",
        "product_type",
        "unit_type",
        "quantity",
        "status",
        "is_trial",
        "auto_renew",
        "term_duration",
        "renewal_term_duration",
        "billing_cycle",
        "billing_type",
        "effective_start_date",
        "commitment_end_date",
        "cancellation_allowed_until",
        "refundable_total",
        "scheduled_change",
        "suspension_reasons",
        "promotion_id",
    ],
    context_field=pghistory.ContextJSONField(),
    context_id_field=None,  # type: ignore[arg-type] # None means no column, as its docs say
    model_name="SubscriptionEvent",
)
class Subscription(DetailMixin, MirrorModel):
    """One subscription. ``reseller`` is stored when the row is written, never matched later.

    ``refundable_total``, ``refundable_lots``, ``refund_until`` and ``scheduled_change`` come only with get-by-id
    (get-a-subscription-by-id): null means not known here, until ``detail_observed_at`` is set.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="subscriptions",
    )
    customer_pc_id = models.TextField()
    reseller = models.ForeignKey(
        "access.Reseller",
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="subscriptions",
    )
    partner_mpn_id = models.TextField(_("partner id"), default="", db_default="")
    friendly_name = models.TextField(_("name"), default="", db_default="")
    offer_name = models.TextField(_("offer"), default="", db_default="")
    offer_id = models.TextField(_("offer id"), default="", db_default="")
    product_id = models.TextField(default="", db_default="")
    sku_id = models.TextField(default="", db_default="")
    product_type = models.TextField(_("product type"), default="", db_default="")
    unit_type = models.TextField(_("unit"), default="", db_default="")
    quantity = models.BigIntegerField(_("quantity"), null=True)
    status = models.TextField(_("status"), default="", db_default="")
    is_trial = models.BooleanField(_("trial"), null=True)
    auto_renew = models.BooleanField(_("auto-renew"), null=True)
    term_duration = models.TextField(_("term"), default="", db_default="")
    renewal_term_duration = models.TextField(_("next term"), default="", db_default="")
    billing_cycle = models.TextField(_("billing cycle"), default="", db_default="")
    billing_type = models.TextField(_("billing type"), default="", db_default="")
    creation_date = models.DateTimeField(_("created"), null=True)
    effective_start_date = models.DateTimeField(_("term start"), null=True)
    commitment_end_date = models.DateTimeField(_("term end"), null=True)
    cancellation_allowed_until = models.DateTimeField(_("cancel until"), null=True)
    order_pc_id = models.TextField(_("order"), default="", db_default="")
    parent_pc_id = models.TextField(_("parent subscription"), default="", db_default="")
    promotion_id = models.TextField(_("promotion"), default="", db_default="")
    suspension_reasons: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    # Detail only.
    refundable_total = models.BigIntegerField(_("refundable seats"), null=True)
    refundable_lots: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    # The next moment at which seats stop being refundable, as of the read; null when none is open.
    refund_until = models.DateTimeField(_("seats refundable until"), null=True)
    scheduled_change: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    # How it went, where that is known: "transferred" to another partner.
    left_as = models.TextField(default="", db_default="", editable=False)

    scope_path: ClassVar[str] = "reseller"

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="subscription_pc_id")
        ]
        indexes = [
            models.Index("friendly_name", "id", name="subscription_by_name", condition=LIVE),
            models.Index("offer_name", "id", name="subscription_by_offer", condition=LIVE),
            models.Index(
                "connection",
                "friendly_name",
                "id",
                name="subscription_by_connection",
                condition=LIVE,
            ),
            # Answers alone, without the rows: how many match, and which names there are.
            models.Index(
                "connection",
                "status",
                "term_duration",
                include=["reseller", "commitment_end_date", "quantity"],
                name="subscription_counted",
                condition=LIVE,
            ),
            models.Index(
                "friendly_name",
                "offer_name",
                include=["connection", "reseller"],
                name="subscription_names",
                condition=LIVE,
            ),
            models.Index(
                "connection",
                "friendly_name",
                "offer_name",
                include=["reseller"],
                name="subscription_own_names",
                condition=LIVE,
            ),
            models.Index("commitment_end_date", "id", name="subscription_by_end", condition=LIVE),
            models.Index("status", "id", name="subscription_by_status", condition=LIVE),
            models.Index("quantity", "id", name="subscription_by_quantity", condition=LIVE),
            models.Index(
                "refund_until",
                "id",
                name="subscription_by_refund",
                condition=LIVE & models.Q(refund_until__isnull=False),
            ),
            # What rolls on, and what can be cancelled still: few of many.
            models.Index(
                "commitment_end_date",
                "id",
                name="subscription_not_renewing",
                condition=LIVE & models.Q(status="active", auto_renew=False),
            ),
            models.Index(
                "cancellation_allowed_until",
                "id",
                name="subscription_by_cancel",
                condition=LIVE & models.Q(cancellation_allowed_until__isnull=False),
            ),
            models.Index("customer", "friendly_name", "id", name="subscription_by_customer"),
            models.Index("reseller", "friendly_name", "id", name="subscription_by_reseller"),
            models.Index("connection", "customer_pc_id", name="subscription_by_customer_id"),
            # Whose Azure subscriptions and migrations are read by age.
            models.Index(
                "connection",
                "customer_pc_id",
                name="subscription_azure",
                condition=LIVE & models.Q(product_type="Azure"),
            ),
            models.Index(
                "connection",
                "customer_pc_id",
                name="subscription_legacy",
                condition=LIVE & models.Q(product_type=""),
            ),
        ]

    def __str__(self) -> str:
        return self.friendly_name or self.offer_name or self.pc_id

    @property
    def is_savings_plan(self) -> bool:
        """Whether it is an Azure savings plan, which has no seats: nobody changes it through Partner Center."""
        return self.unit_type.lower() == "benefit"

    def get_absolute_url(self) -> str:
        return reverse("subscription", args=[self.pk])


class Order(MirrorModel):
    """One order of a customer. ``lines`` are what it bought, without prices: see ``orders.placed.lines``.

    ``reseller`` follows the partner of record of its lines, where they name one and the same; else it is
    found as a subscription's. ``name`` is what its lines bought, ``term_duration`` is empty where they differ.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="orders",
    )
    customer_pc_id = models.TextField()
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.SET_NULL, null=True, related_name="orders"
    )
    partner_mpn_id = models.TextField(_("partner id"), default="", db_default="")
    name = models.TextField(_("products"), default="", db_default="")
    term_duration = models.TextField(_("term"), default="", db_default="")
    billing_cycle = models.TextField(_("billing cycle"), default="", db_default="")
    currency = models.TextField(_("currency"), default="", db_default="")
    status = models.TextField(_("status"), default="", db_default="")
    creation_date = models.DateTimeField(_("created"), null=True)
    lines: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    scope_path: ClassVar[str] = "reseller"

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [models.UniqueConstraint(fields=["connection", "pc_id"], name="order_pc_id")]
        indexes = [
            models.Index("creation_date", "id", name="order_by_date", condition=LIVE),
            models.Index(
                "reseller", "creation_date", "id", name="order_by_reseller", condition=LIVE
            ),
            models.Index("customer", "creation_date", "id", name="order_by_customer"),
            models.Index("connection", "customer_pc_id", name="order_by_customer_id"),
        ]

    def __str__(self) -> str:
        return self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.pk])
