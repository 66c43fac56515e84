"""Licences that a customer's tenant owns, and those that each user holds (license-resources)."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import MirrorModel

LIVE = models.Q(gone_at__isnull=True)
GROUPS = ("group1", "group2")
"""Azure Active Directory manages the first, the second are Minecraft's."""


class SubscribedSku(MirrorModel):
    """One product of a tenant with its units, whoever sold them. ``pc_id`` is the SKU's GUID.

    Units are those of the tenant: active and warning ones can be assigned, suspended ones cannot.
    ``service_plans`` holds ``{id, code, name, target}`` for each plan of the product.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="subscribed_skus",
    )
    customer_pc_id = models.TextField()
    part_number = models.TextField(_("part number"), default="", db_default="")
    name = models.TextField(_("product"), default="", db_default="")
    licence_group = models.TextField(_("licence group"), default="", db_default="")
    target_type = models.TextField(default="", db_default="")
    capability_status = models.TextField(_("status"), default="", db_default="")
    units_total = models.BigIntegerField(_("bought"), default=0, db_default=0)
    units_active = models.BigIntegerField(_("active"), default=0, db_default=0)
    units_consumed = models.BigIntegerField(_("assigned"), default=0, db_default=0)
    units_available = models.BigIntegerField(_("idle"), default=0, db_default=0)
    units_suspended = models.BigIntegerField(_("suspended"), default=0, db_default=0)
    units_warning = models.BigIntegerField(_("in grace"), default=0, db_default=0)
    service_plans: "models.JSONField[Any, Any]" = models.JSONField(default=list, db_default=[])

    scope_path: ClassVar[str] = "customer__reseller_links__reseller"

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "customer_pc_id", "pc_id"], name="subscribed_sku_pc_id"
            )
        ]
        indexes = [
            models.Index("customer", "name", "id", name="subscribed_sku_by_customer"),
            models.Index("name", "id", name="subscribed_sku_by_name", condition=LIVE),
            models.Index("units_total", "id", name="subscribed_sku_by_total", condition=LIVE),
            models.Index("units_consumed", "id", name="subscribed_sku_by_used", condition=LIVE),
            models.Index("units_available", "id", name="subscribed_sku_by_idle", condition=LIVE),
        ]

    def __str__(self) -> str:
        return self.name or self.part_number or self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("licence", args=[self.pk])


# No history: who works with what is personal data.
class UserLicences(MirrorModel):
    """What one user holds; ``pc_id`` is the user's id, ``place`` customer and user as one text.

    ``licences`` maps a SKU to ``{"on": number of assigned plans, "off": [ids of plans left out]}``.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="+",
    )
    user = models.OneToOneField(
        "customers.CustomerUser", on_delete=models.CASCADE, null=True, related_name="held"
    )
    customer_pc_id = models.TextField()
    place = models.TextField()
    licences: "models.JSONField[Any, Any]" = models.JSONField(default=dict, db_default={})

    scope_path: ClassVar[str] = "customer__reseller_links__reseller"

    class Meta:
        verbose_name = _("licences of a user")
        verbose_name_plural = _("licences of users")
        constraints = [
            models.UniqueConstraint(fields=["connection", "place"], name="user_licences_place")
        ]
        indexes = [
            GinIndex(fields=["licences"], name="user_licences_by_sku"),
            models.Index("customer", "id", name="user_licences_by_customer"),
        ]

    def __str__(self) -> str:
        return self.place
