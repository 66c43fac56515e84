"""A customer's two profiles, as their own calls show them; personal, so no history is kept."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import MirrorModel


class OfCustomer(MirrorModel):
    """A row below a customer, seen by whoever sees the customer."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, related_name="+"
    )
    customer_pc_id = models.TextField()

    scope_path: ClassVar[str] = "customer__reseller_links__reseller"

    class Meta:
        abstract = True


class CompanyProfile(OfCustomer):
    """Who the customer is (get-a-customer-s-company-profile); the customer's id is its own."""

    class Meta:
        verbose_name = _("company profile")
        verbose_name_plural = _("company profiles")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="company_profile_pc_id")
        ]

    def __str__(self) -> str:
        return str((self.list_payload or {}).get("companyName", self.pc_id))


class BillingProfile(OfCustomer):
    """Whom and where its invoices concern (get-all-of-a-customer-s-billing-profiles)."""

    class Meta:
        verbose_name = _("billing profile")
        verbose_name_plural = _("billing profiles")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="billing_profile_pc_id")
        ]

    def __str__(self) -> str:
        return str((self.list_payload or {}).get("companyName", self.pc_id))
