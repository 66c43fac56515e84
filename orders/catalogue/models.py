"""The catalogue of each market in which a connection has customers: shelves, products, SKUs, availabilities.

It is no secret within a connection: whoever sees any of it sees its catalogue. There is no price in it.
"""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import MirrorModel

LIVE = models.Q(gone_at__isnull=True)


class View(models.TextChoices):
    """The views of get-a-list-of-products that are kept; those left out are parts or sums of these."""

    ONLINE_SERVICES = "OnlineServices", _("Online services")
    AZURE = "MicrosoftAzure", _("Azure")
    RESERVATIONS = "AzureReservations", _("Azure reservations")
    SOFTWARE_SUBSCRIPTIONS = "SoftwareSubscriptions", _("Software subscriptions")
    SOFTWARE_PERPETUAL = "SoftwarePerpetual", _("Perpetual software")
    MARKETPLACE = "MarketplaceSaaS", _("Marketplace")


class Segment(models.TextChoices):
    COMMERCIAL = "commercial", _("Commercial")
    EDUCATION = "education", _("Education")
    GOVERNMENT = "government", _("Government")
    NONPROFIT = "nonprofit", _("Nonprofit")


class Shelf(models.Model):
    """One view of one market: a list of products to read. ``pc_id`` is "FR/OnlineServices"."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    pc_id = models.TextField()
    market = models.TextField()
    view = models.TextField()
    gone_at = models.DateTimeField(null=True)

    web_access: ClassVar[str] = "select"
    scope_shared: ClassVar[bool] = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "pc_id"], name="shelf_pc_id")]

    def __str__(self) -> str:
        return self.pc_id


class Product(MirrorModel):
    """A product of a market. ``segments`` are those whose list names it; empty where no segment is asked by."""

    shelf = models.TextField()
    market = models.TextField(_("market"))
    view = models.TextField(_("kind"))
    title = models.TextField(_("product"), default="", db_default="")
    product_type = models.TextField(default="", db_default="")
    product_subtype = models.TextField(default="", db_default="")
    publisher = models.TextField(_("publisher"), default="", db_default="")
    is_microsoft = models.BooleanField(null=True)
    segments: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    scope_shared: ClassVar[bool] = True

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "shelf", "pc_id"], name="product_on_shelf"
            )
        ]
        indexes = [
            models.Index("title", "id", name="product_by_title", condition=LIVE),
            models.Index("market", "title", "id", name="product_by_market", condition=LIVE),
            models.Index("pc_id", name="product_by_pc_id"),
        ]

    def __str__(self) -> str:
        return self.title or self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.pk])

    @property
    def place(self) -> str:
        """What its SKUs name as their place."""
        return f"{self.shelf}/{self.pc_id}"


class Sku(MirrorModel):
    """One SKU of a product in a market. ``prerequisite_skus`` are "product:sku": owning one of them is enough.

    ``least_commitment`` is what a savings plan takes by the hour at least: {amount, currency, grain}.
    """

    place = models.TextField()
    shelf = models.TextField()
    product_pc_id = models.TextField()
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, db_index=False, related_name="skus"
    )
    title = models.TextField(default="", db_default="")
    description = models.TextField(default="", db_default="")
    minimum = models.BigIntegerField(null=True)
    maximum = models.BigIntegerField(null=True)
    is_trial = models.BooleanField(null=True)
    is_add_on = models.BooleanField(null=True)
    is_attested = models.BooleanField(null=True)
    billing_cycles: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    purchase_prerequisites: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    inventory_variables: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    provisioning_variables: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    prerequisite_skus: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    least_commitment: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    region = models.TextField(default="", db_default="")

    scope_shared: ClassVar[bool] = True

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        constraints = [
            models.UniqueConstraint(fields=["connection", "place", "pc_id"], name="sku_of_product")
        ]
        indexes = [models.Index("product", "title", "id", name="sku_by_product", condition=LIVE)]

    def __str__(self) -> str:
        return self.title or self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("product_sku", args=[self.product_id, self.pk])

    @property
    def below(self) -> str:
        """What its availabilities name as their place."""
        return f"{self.place}/{self.pc_id}"

    @property
    def is_stocked(self) -> bool:
        """Whether stock is checked before it is ordered."""
        return "InventoryCheck" in (self.purchase_prerequisites or ())


class Availability(MirrorModel):
    """In which segment a SKU is sold, and the terms: [{id, duration, billing_cycle, description, refunds}].

    ``catalog_item_id`` is what a cart line names. It changes: read it again right before a checkout.
    """

    place = models.TextField()
    product_place = models.TextField()
    sku_pc_id = models.TextField()
    sku = models.ForeignKey(
        Sku, on_delete=models.CASCADE, null=True, db_index=False, related_name="availabilities"
    )
    product_id = models.BigIntegerField(null=True)
    catalog_item_id = models.TextField(default="", db_default="")
    segment = models.TextField(default="", db_default="")
    currency = models.TextField(default="", db_default="")
    is_purchasable = models.BooleanField(null=True)
    is_renewable = models.BooleanField(null=True)
    durations: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    cycles: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    terms: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    scope_shared: ClassVar[bool] = True

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "place", "pc_id"], name="availability_of_sku"
            )
        ]
        indexes = [
            models.Index("sku", "segment", "id", name="availability_by_sku", condition=LIVE),
            models.Index("product_id", "segment", name="availability_by_product", condition=LIVE),
            models.Index("connection", "catalog_item_id", name="availability_by_item"),
        ]

    def __str__(self) -> str:
        return self.catalog_item_id or self.pc_id


class Offer(MirrorModel):
    """A legacy offer of a market. ``prerequisite_offers`` are those of which one must be owned, for an add-on."""

    market = models.TextField(_("market"))
    name = models.TextField(default="", db_default="")
    category = models.TextField(default="", db_default="")
    unit = models.TextField(default="", db_default="")
    billing = models.TextField(default="", db_default="")
    minimum = models.BigIntegerField(null=True)
    maximum = models.BigIntegerField(null=True)
    is_add_on = models.BooleanField(null=True)
    is_trial = models.BooleanField(null=True)
    is_available = models.BooleanField(null=True)
    is_auto_renewable = models.BooleanField(null=True)
    billing_cycles: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    prerequisite_offers: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    qualifications: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    scope_shared: ClassVar[bool] = True

    class Meta:
        verbose_name = _("legacy offer")
        verbose_name_plural = _("legacy offers")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "market", "pc_id"], name="offer_of_market"
            )
        ]
        indexes = [
            models.Index("name", "id", name="offer_by_name", condition=LIVE),
            models.Index("market", "name", "id", name="offer_by_market", condition=LIVE),
        ]

    def __str__(self) -> str:
        return self.name or self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("offer", args=[self.pk])
