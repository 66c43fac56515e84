"""An Azure subscription as its Azure plan lists it."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import MirrorModel


class AzureSubscription(MirrorModel):
    """One Azure entitlement (facts azureEntitlements). ``subscription`` is the plan; its reseller is the row's."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, related_name="+"
    )
    customer_pc_id = models.TextField()
    subscription = models.ForeignKey(
        "orders.Subscription",
        on_delete=models.CASCADE,
        null=True,
        related_name="azure_subscriptions",
    )
    plan_pc_id = models.TextField()
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.TextField(_("name"), default="", db_default="")
    status = models.TextField(_("status"), default="", db_default="")

    scope_path: ClassVar[str] = "reseller"

    class Meta:
        verbose_name = _("Azure subscription")
        verbose_name_plural = _("Azure subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="azure_subscription_pc_id")
        ]
        indexes = [
            models.Index("connection", "customer_pc_id", name="azure_subscription_by_customer"),
            models.Index(
                "name", "id", name="azure_subscription_by_name", condition=models.Q(gone_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.pc_id

    @property
    def title(self) -> str:
        """What lists show as its name."""
        return str(self)

    def get_absolute_url(self) -> str:
        return reverse("azure_subscription", args=[self.pk])
