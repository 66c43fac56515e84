"""Saved carts. They are the portal's own: Partner Center has one from its check until its checkout alone."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CartState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state", "Open")
    ORDERED = "ordered", pgettext_lazy("cart", "Ordered")
    PARTLY = "partly", _("Partly ordered")


class LineState(models.TextChoices):
    NEW = "new", _("Not ordered")
    REFUSED = "refused", _("Refused")
    ORDERED = "ordered", _("Ordered, not active yet")
    ACTIVE = "active", _("Active")
    DONE = "done", pgettext_lazy("cart", "Ordered")
    LATE = "late", _("Ordered, not active after 15 minutes")


class Cart(models.Model):
    """What is to be bought for one customer. ``reseller`` is the one on record, None for the partner itself.

    ``upstream_id`` is Partner Center's cart while it holds one. ``next_look_at`` is when the subscriptions
    of its orders are looked for again, null while nothing is awaited.
    """

    scope_path: ClassVar[str] = "reseller"
    web_access: ClassVar[str] = "select, insert, update, delete"

    connection = models.ForeignKey("connections.Connection", models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="carts")
    reseller = models.ForeignKey(
        "access.Reseller", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    purchase_order = models.CharField(
        _("purchase order"), max_length=60, default="", db_default="", blank=True
    )
    attested = models.BooleanField(default=False, db_default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=CartState.choices, default=CartState.OPEN
    )
    upstream_id = models.TextField(default="", db_default="", blank=True)
    upstream_expires_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    ordered_at = models.DateTimeField(_("ordered"), null=True, blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        indexes: ClassVar = [
            models.Index("changed_at", "id", name="cart_by_change"),
            models.Index("name", "id", name="cart_by_name"),
            models.Index("customer", "changed_at", "id", name="cart_by_customer"),
            models.Index(
                "next_look_at",
                name="cart_awaited",
                condition=models.Q(next_look_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cart", args=[self.pk])

    @property
    def pc_id(self) -> str:
        """What names it in a change: Partner Center's id, until there is one its own number."""
        return self.upstream_id or str(self.pk)

    @property
    def customer_pc_id(self) -> str:
        """The customer's tenant."""
        return self.customer.pc_id


class CartLine(models.Model):
    """One line. ``catalog_item_id`` is "product:sku:availability" as it was when the line was made.

    ``error_code`` is Partner Center's for the line, or that of its group. ``end_date`` aligns the term,
    null for a whole one. ``group`` is the order that Partner Center puts it into. ``more_partner_ids`` are
    PartnerIDs of resellers beside the one on record (rule cart_resellers).
    """

    scope_path: ClassVar[str] = "cart__reseller"
    web_access: ClassVar[str] = "select, insert, update, delete"

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(
        "orders.Sku", models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )
    catalog_item_id = models.TextField()
    title = models.TextField(_("product"))
    segment = models.CharField(max_length=20, default="", db_default="", blank=True)
    name = models.CharField(_("name"), max_length=120, default="", db_default="", blank=True)
    quantity = models.BigIntegerField(_("quantity"))
    term = models.CharField(_("term"), max_length=10, default="", db_default="", blank=True)
    cycle = models.CharField(_("billing"), max_length=20)
    end_date = models.DateField(_("ends on"), null=True, blank=True)
    promotion_id = models.TextField(_("promotion"), default="", db_default="", blank=True)
    # What the SKU asks for with the order, as {variable as Partner Center names it: value}.
    provisioning: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    # What a savings plan commits to, as {amount, currency, grain} of purchaseCommitment; null for all else.
    commitment: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)
    # What was told of the promotion when it was chosen (promotion.kept); null where it was not asked.
    promotion: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)
    more_partner_ids: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    attested = models.BooleanField(default=False, db_default=False)
    group = models.CharField(max_length=20, default="", db_default="", blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=LineState.choices, default=LineState.NEW
    )
    error_code = models.CharField(max_length=80, default="", db_default="", blank=True)
    error_text = models.TextField(default="", db_default="", blank=True)
    error_correlation_id = models.TextField(default="", db_default="", blank=True)
    order_pc_id = models.TextField(default="", db_default="", blank=True)
    subscription_pc_id = models.TextField(default="", db_default="", blank=True)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering: ClassVar = ["position", "pk"]
        indexes: ClassVar = [
            models.Index(
                "order_pc_id", name="cart_line_by_order", condition=~models.Q(order_pc_id="")
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def product_id(self) -> str:
        """The first part of its catalogue item."""
        return self.catalog_item_id.split(":")[0]

    @property
    def sku_name(self) -> str:
        """Product and SKU ("product:sku"), as prerequisites name it."""
        return ":".join(self.catalog_item_id.split(":")[:2])

    @property
    def availability_id(self) -> str:
        """The last part of its catalogue item."""
        return self.catalog_item_id.rpartition(":")[2]
