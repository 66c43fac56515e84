"""A transfer of a customer's subscriptions from one partner to another, as Partner Center lists it."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import MirrorModel


class Transfer(MirrorModel):
    """One transfer. ``is_source``: the subscriptions are ours and leave. ``lines`` are what is moved.

    It is between the partners: whoever sees the whole connection sees it, no reseller does.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, related_name="+"
    )
    customer_pc_id = models.TextField()
    is_source = models.BooleanField(default=False, db_default=False)
    other_pc_id = models.TextField(_("other partner's tenant"), default="", db_default="")
    other_name = models.TextField(_("other partner"), default="", db_default="")
    partner_mpn_id = models.TextField(_("partner id"), default="", db_default="")
    status = models.TextField(_("status"), default="", db_default="")
    created_at = models.DateTimeField(_("created"), null=True)
    modified_at = models.DateTimeField(_("changed"), null=True)
    completed_at = models.DateTimeField(_("completed"), null=True)
    lines: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    scope_path: ClassVar[str] = ""

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="transfer_pc_id")
        ]
        indexes = [
            models.Index("connection", "customer_pc_id", name="transfer_by_customer"),
            models.Index("created_at", "id", name="transfer_by_date"),
        ]

    def __str__(self) -> str:
        return self.other_name or self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("transfer", args=[self.pk])
