"""The documents that were handed in for an order."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Paper(models.TextChoices):
    PURCHASE_ORDER = "po", _("Purchase order")
    TENDER = "tender", _("Tender")


class OrderPaper(models.Model):
    """One document. ``command`` is the change that handed it in, ``pc_id`` what Partner Center calls it by then.

    ``reseller`` is the order's at that moment. Without ``file`` its bytes are no longer kept.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    order = models.ForeignKey(
        "orders.Order", on_delete=models.CASCADE, db_index=False, related_name="papers"
    )
    command = models.ForeignKey(
        "outbox.Command", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Paper.choices)
    file = models.ForeignKey(
        "lists.StoredFile", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(max_length=100)
    pc_id = models.TextField(default="", db_default="")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("handed in"), auto_now_add=True)

    web_access: ClassVar[str] = "select, insert"
    scope_path: ClassVar[str] = "reseller"

    class Meta:
        verbose_name = _("document of an order")
        verbose_name_plural = _("documents of orders")
        indexes = [models.Index("order", "id", name="order_paper_of")]

    def __str__(self) -> str:
        return self.name
