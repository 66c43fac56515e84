"""What a customer lets the partner do in its tenant: one row for each delegated admin relationship."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models.profile import OfCustomer

LIVE = models.Q(gone_at__isnull=True)
STANDING = ("active", "expiring")
"""States in which a relationship opens something."""


class AdminRelationship(OfCustomer):
    """A relationship as Microsoft Graph lists it; ``role_ids`` are the ids of the roles' templates."""

    name = models.TextField(_("name"), default="", db_default="")
    status = models.TextField(_("status"), default="", db_default="")
    role_ids: "models.JSONField[Any, Any]" = models.JSONField(default=list, db_default=[])
    duration = models.TextField(_("duration"), default="", db_default="")
    extension = models.TextField(_("extension"), default="", db_default="")
    created_at = models.DateTimeField(_("created"), null=True)
    activated_at = models.DateTimeField(_("approved"), null=True)
    ends_at = models.DateTimeField(_("ends"), null=True)

    class Meta:
        verbose_name = _("permission")
        verbose_name_plural = _("permissions")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="admin_relationship_pc_id")
        ]
        indexes = [
            models.Index("customer", name="admin_relationship_of", condition=LIVE),
            models.Index("ends_at", "id", name="admin_relationship_by_end", condition=LIVE),
            models.Index("name", "id", name="admin_relationship_by_name", condition=LIVE),
            models.Index("status", "id", name="admin_relationship_by_state", condition=LIVE),
        ]

    def __str__(self) -> str:
        return self.name or self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("customer_permissions", args=[self.customer_id])

    @property
    def is_extended(self) -> bool:
        """Whether it goes on by itself at its end, half a year at a time."""
        return self.extension not in ("", "P0D", "PT0S")
