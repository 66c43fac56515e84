"""What a customer may spend on Azure in a month, and what it is entitled to use."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.profile import OfCustomer


class UsageBudget(OfCustomer):
    """The budget that Partner Center warns by; null where none is set. In the customer's currency."""

    amount = models.DecimalField(_("budget"), max_digits=18, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("usage budget")
        verbose_name_plural = _("usage budgets")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="usage_budget_id")
        ]

    def __str__(self) -> str:
        return self.pc_id


class Entitlement(OfCustomer):
    """A product that an order line entitles to (get-a-collection-of-entitlements)."""

    kind = models.TextField(_("kind"), default="", db_default="")
    product_id = models.TextField(_("product"), default="", db_default="")
    sku_id = models.TextField(default="", db_default="")
    quantity = models.BigIntegerField(_("quantity"), null=True)
    order_pc_id = models.TextField(_("order"), default="", db_default="")
    expires_at = models.DateTimeField(_("expires"), null=True)

    class Meta:
        verbose_name = _("entitlement")
        verbose_name_plural = _("entitlements")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="entitlement_id")
        ]

    def __str__(self) -> str:
        return self.product_id
