"""Migrations to new commerce and their schedules, as Partner Center lists them."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import MirrorModel

LIVE = models.Q(gone_at=None)


class Planned(MirrorModel):
    """What a legacy subscription becomes. ``subscription`` is the legacy one; its reseller is the row's.

    ``full_term``: a whole term begins with the migration, else the rest of the present one goes on.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, related_name="+"
    )
    customer_pc_id = models.TextField()
    subscription = models.ForeignKey(
        "orders.Subscription", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    current_pc_id = models.TextField()
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    status = models.TextField(_("status"), default="", db_default="")
    quantity = models.BigIntegerField(_("quantity"), null=True)
    term_duration = models.TextField(_("term"), default="", db_default="")
    billing_cycle = models.TextField(_("billing cycle"), default="", db_default="")
    full_term = models.BooleanField(_("full term"), null=True)

    scope_path: ClassVar[str] = "reseller"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.subscription) if self.subscription else self.current_pc_id

    @property
    def title(self) -> str:
        """What lists show as its name."""
        return str(self)


class NceMigration(Planned):
    """One migration. ``new_pc_id`` is the subscription of new commerce, once it is there."""

    catalog_item_id = models.TextField(default="", db_default="")
    new_pc_id = models.TextField(default="", db_default="")
    new_order_pc_id = models.TextField(default="", db_default="")
    started_at = models.DateTimeField(_("started"), null=True)
    completed_at = models.DateTimeField(_("completed"), null=True)

    class Meta:
        verbose_name = _("migration to new commerce")
        verbose_name_plural = _("migrations to new commerce")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="nce_migration_pc_id")
        ]
        indexes = [
            models.Index("connection", "customer_pc_id", name="nce_migration_by_customer"),
            models.Index("started_at", "id", name="nce_migration_by_start", condition=LIVE),
        ]

    def get_absolute_url(self) -> str:
        return reverse("migration", args=[self.pk])


class NceSchedule(Planned):
    """A migration that waits: for ``target_date``, or with ``on_renewal`` for the end of the term."""

    target_date = models.DateTimeField(_("planned for"), null=True)
    on_renewal = models.BooleanField(null=True)
    created_at = models.DateTimeField(_("created"), null=True)
    modified_at = models.DateTimeField(_("changed"), null=True)

    class Meta:
        verbose_name = _("planned migration")
        verbose_name_plural = _("planned migrations")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="nce_schedule_pc_id")
        ]
        indexes = [
            models.Index("connection", "customer_pc_id", name="nce_schedule_by_customer"),
            models.Index("created_at", "id", name="nce_schedule_by_creation", condition=LIVE),
        ]

    def get_absolute_url(self) -> str:
        return reverse("migration_schedule", args=[self.pk])
