"""A customer that somebody has asked for: what Partner Center is sent, until it is one of the mirror's."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class NewCustomer(models.Model):
    """The values of one request. Contact and address are emptied once the customer is in the mirror."""

    scope_path: ClassVar[str] = "reseller"
    web_access: ClassVar[str] = "select, insert"

    connection = models.ForeignKey("connections.Connection", models.PROTECT, related_name="+")
    # For whom it is created; None for the partner itself.
    reseller = models.ForeignKey(
        "access.Reseller", models.PROTECT, null=True, blank=True, related_name="+"
    )
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="requests"
    )
    company_name = models.CharField(_("company"), max_length=120)
    domain = models.CharField(_("domain"), max_length=253)
    country = models.CharField(_("country"), max_length=2)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("new customer")
        indexes: ClassVar = [
            models.Index(fields=["connection", "domain"], name="new_customer_domain"),
            models.Index(fields=["reseller", "-id"], name="new_customer_reseller"),
        ]

    def __str__(self) -> str:
        return self.company_name

    def get_absolute_url(self) -> str:
        return reverse("new_customer", args=[self.pk])

    @property
    def pc_id(self) -> str:
        """What names it until it is created: its domain."""
        return self.domain
