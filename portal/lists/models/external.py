"""The names that other systems have for what Partner Center knows: ERP, PSA, tax, accounting."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LONGEST_SYSTEM, LONGEST_VALUE = 40, 120  # characters


class ExternalKind(models.TextChoices):
    CUSTOMER = "customer_number", _("Customer number")
    ITEM = "item", _("Item")
    COMPANY = "company", _("Company")
    AGREEMENT = "agreement", _("Agreement")
    VAT = "vat", _("VAT ID")
    TAX = "tax_code", _("Tax code")
    COST_CENTRE = "cost_centre", _("Cost centre")
    BILLING_GROUP = "billing_group", _("Billing group")
    PURCHASE_ORDER = "purchase_order", _("Purchase order")


# These name one thing in their system; the others (a cost centre, a tax code) gather several.
IDENTIFYING = ("customer_number", "item", "company", "agreement", "vat")


class ExternalId(models.Model):
    """One value that a system has for an object of ours.

    An object is named by its type, our id (null for products, which have no row) and its Partner
    Center id. ``reseller`` is the object's own, else the one in whose name it was written: two
    resellers of one customer each keep their own numbers and do not see the other's.
    """

    web_access: ClassVar[str] = "select, insert, update, delete"
    scope_path: ClassVar[str] = "reseller"

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, related_name="+"
    )
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.CASCADE, null=True, related_name="+"
    )
    object_type = models.CharField(_("object"), max_length=20)
    object_id = models.BigIntegerField(null=True)
    object_pc_id = models.TextField()
    system = models.CharField(_("system"), max_length=LONGEST_SYSTEM)
    kind = models.CharField(_("kind"), max_length=20, choices=ExternalKind.choices)
    value = models.CharField(_("value"), max_length=LONGEST_VALUE)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "connection",
                "reseller",
                Lower("system"),
                "kind",
                Lower("value"),
                name="external_id_names_one",
                condition=models.Q(kind__in=IDENTIFYING),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                "connection",
                "reseller",
                "object_type",
                "object_pc_id",
                Lower("system"),
                "kind",
                Lower("value"),
                name="external_id_once_an_object",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="external_id_valid_in_order",
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_from__lte=models.F("valid_to")),
            ),
        ]
        indexes = [
            models.Index("object_type", "object_id", name="external_id_by_object"),
            models.Index(Lower("value"), name="external_id_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.value}"

    def get_absolute_url(self) -> str:
        """The page that corrects it."""
        return reverse("external_id", args=[self.pk])
