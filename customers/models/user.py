"""Users of a customer's directory, and the directory's roles with their members (user-resources)."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import DetailMixin, MirrorModel

LIVE = models.Q(gone_at__isnull=True)
GLOBAL_ADMINISTRATOR = ("Company Administrator", "Global Administrator")
"""The two names of the role whose last holder nobody may remove; directories of old keep the first."""


class UserState(models.TextChoices):
    """``inactive`` means deleted: for 30 days the account can be restored."""

    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Deleted")


# No history: names and addresses of customers' users are personal data.
class CustomerUser(DetailMixin, MirrorModel):
    """An account in a customer's directory, deleted ones of the last 30 days included."""

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="users",
    )
    customer_pc_id = models.TextField()
    display_name = models.TextField(_("name"), default="", db_default="")
    first_name = models.TextField(_("first name"), default="", db_default="")
    last_name = models.TextField(_("last name"), default="", db_default="")
    user_principal_name = models.TextField(_("user name"), default="", db_default="")
    phone_number = models.TextField(_("phone"), default="", db_default="")
    usage_location = models.TextField(_("usage location"), default="", db_default="")
    domain_type = models.TextField(_("domain type"), default="", db_default="")
    immutable_id = models.TextField(default="", db_default="")
    state = models.TextField(_("state"), choices=UserState.choices, default="", db_default="")
    soft_deleted_at = models.DateTimeField(_("deleted"), null=True)
    last_directory_sync_at = models.DateTimeField(_("last directory sync"), null=True)

    scope_path: ClassVar[str] = "customer__reseller_links__reseller"

    class Meta:
        verbose_name = _("customer user")
        verbose_name_plural = _("customer users")
        constraints = [
            # Ids of a directory's objects are unique over all directories.
            models.UniqueConstraint(fields=["connection", "pc_id"], name="customer_user_pc_id")
        ]
        indexes = [
            models.Index("customer", "display_name", "id", name="customer_user_by_customer"),
            models.Index("customer", "user_principal_name", "id", name="customer_user_by_upn"),
            models.Index("display_name", "id", name="customer_user_by_name", condition=LIVE),
            models.Index("user_principal_name", "id", name="customer_user_upn", condition=LIVE),
            models.Index("connection", "customer_pc_id", name="customer_user_by_parent"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.user_principal_name or self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("customer_user", args=[self.pk])

    @property
    def is_deleted(self) -> bool:
        return self.state == UserState.INACTIVE

    @property
    def is_synchronised(self) -> bool:
        """Whether the customer's own directory rules the account: Partner Center refuses to change it."""
        return self.last_directory_sync_at is not None


class DirectoryRole(MirrorModel):
    """A role of a customer's directory and the ids of its members (get-user-roles-for-a-customer)."""

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="directory_roles",
    )
    customer_pc_id = models.TextField()
    name = models.TextField(_("role"), default="", db_default="")
    member_ids: "models.JSONField[Any, Any]" = models.JSONField(default=list, db_default=[])

    scope_path: ClassVar[str] = "customer__reseller_links__reseller"

    class Meta:
        verbose_name = _("directory role")
        verbose_name_plural = _("directory roles")
        constraints = [
            # Unlike users, roles may carry the same id in many directories (their template's).
            models.UniqueConstraint(
                fields=["connection", "customer_pc_id", "pc_id"], name="directory_role_pc_id"
            )
        ]
        indexes = [models.Index("customer", "name", "id", name="directory_role_by_customer")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_global_administrator(self) -> bool:
        return self.name in GLOBAL_ADMINISTRATOR
