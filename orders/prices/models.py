"""What Partner Center's price sheets say, and our own price books with their rules.

A sheet is *cost*: its rows belong to whoever sees their connection whole. A book is its owner's alone: the
distributor's says what resellers and direct customers are charged, a reseller's what its customers are.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.fields import ExactDecimalField
from portal.mirror.models import MirrorModel

LIVE = Q(gone_at__isnull=True)


class SheetView(models.TextChoices):
    """The views of a price sheet that are kept; marketplace and Azure are left out for their size."""

    LICENCES = "updatedlicensebased", _("Licences")
    EXTENDED = "licensebasedest", _("Extended service terms")
    SOFTWARE = "software", _("Software")


class PriceSheet(models.Model):
    """A month of a market's view that somebody wants beside the present one. ``pc_id``: "FR/software/202611"."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    pc_id = models.TextField()
    market = models.TextField()
    view = models.TextField()
    month = models.DateField()
    gone_at = models.DateTimeField(null=True)

    web_access: ClassVar[str] = "select, insert"
    scope_path: ClassVar[str] = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="price_sheet_pc_id")
        ]

    def __str__(self) -> str:
        return self.pc_id


class SheetPrice(MirrorModel):
    """One row of a price sheet: what one of something costs for a whole term, from ``starts_on`` to ``ends_on``.

    ``unit_price`` is the partner's, ``list_price`` Microsoft's own (ERP). ``term`` and ``cycle`` are written as
    subscriptions write them.
    """

    sheet = models.TextField()
    market = models.TextField(_("market"))
    view = models.TextField()
    month = models.DateField(_("month"))
    product_pc_id = models.TextField()
    sku_pc_id = models.TextField()
    title = models.TextField(_("product"), default="", db_default="")
    term = models.TextField(_("term"), default="", db_default="")
    cycle = models.TextField(_("billing cycle"), default="", db_default="")
    segment = models.TextField(_("segment"), default="", db_default="")
    currency = models.TextField(_("currency"), default="", db_default="")
    unit_price = ExactDecimalField(_("unit price (cost)"), null=True)
    list_price = ExactDecimalField(_("list price"), null=True)
    from_quantity = ExactDecimalField(null=True)
    starts_on = models.DateField(_("valid from"), null=True)
    ends_on = models.DateField(_("valid to"), null=True)

    scope_path: ClassVar[str] = ""

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["connection", "sheet", "pc_id"], name="price_of_sheet")
        ]
        indexes = [
            models.Index(
                fields=["connection", "product_pc_id", "sku_pc_id", "market", "month"],
                name="price_by_item",
            ),
            models.Index("title", "id", name="price_by_title", condition=LIVE),
            models.Index(
                "market", "view", "month", "title", "id", name="price_in_sheet", condition=LIVE
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.pc_id

    @property
    def item(self) -> str:
        """Product and SKU."""
        return f"{self.product_pc_id}:{self.sku_pc_id}"


class ChargeSide(models.TextChoices):
    """Whom a book charges."""

    RESELLER = "reseller", _("Resellers")
    CUSTOMER = "customer", _("Customers")


class RuleKind(models.TextChoices):
    MARKUP = "markup", _("Markup")
    DISCOUNT = "discount", _("Discount")
    FIXED = "fixed", _("Fixed price")


class PriceBook(models.Model):
    """A list of rules with a name. ``reseller`` is its owner; without one the distributor is."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, related_name="+"
    )
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.CASCADE, null=True, related_name="+"
    )
    side = models.TextField(_("charges"), choices=ChargeSide.choices)
    name = models.TextField(_("name"))
    created_at = models.DateTimeField(db_default=Now())

    web_access: ClassVar[str] = "select, insert, update"
    scope_path: ClassVar[str] = "reseller"

    class Meta:
        verbose_name = _("price book")
        verbose_name_plural = _("price books")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "reseller", "name"],
                name="price_book_name",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(reseller=None) | Q(side=ChargeSide.CUSTOMER), name="price_book_side"
            ),
        ]
        indexes = [models.Index("name", "id", name="price_book_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("price_book", args=[self.pk])


class PriceRule(models.Model):
    """What something is charged at, from ``valid_from`` to ``valid_to`` inclusive. Empty fields mean any.

    ``value`` is per cent for a markup (on what it costs its owner) or a discount (off Microsoft's list price),
    an amount of ``currency`` for one seat and billing cycle if fixed. ``reseller`` is the book's owner, kept for
    the row policies; ``for_reseller`` and ``customer`` are whom alone it is for.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.CASCADE, null=True, related_name="+"
    )
    book = models.ForeignKey(PriceBook, on_delete=models.CASCADE, related_name="rules")
    side = models.TextField(choices=ChargeSide.choices)
    kind = models.TextField(_("kind"), choices=RuleKind.choices)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    currency = models.TextField(_("currency"), default="", db_default="")
    product_pc_id = models.TextField(_("product"), default="", db_default="")
    sku_pc_id = models.TextField(_("SKU"), default="", db_default="")
    segment = models.TextField(_("segment"), default="", db_default="")
    term = models.TextField(_("term"), default="", db_default="")
    cycle = models.TextField(_("billing cycle"), default="", db_default="")
    for_reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.CASCADE, null=True, related_name="+"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, related_name="+"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    web_access: ClassVar[str] = "select, insert, update, delete"
    scope_path: ClassVar[str] = "reseller"

    class Meta:
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="price_rule_days",
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "side", "product_pc_id"], name="price_rule_by_item"),
            models.Index("book", "product_pc_id", "id", name="price_rule_by_product"),
            models.Index("book", "valid_from", "id", name="price_rule_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    def get_absolute_url(self) -> str:
        return reverse("price_rule", args=[self.pk])
