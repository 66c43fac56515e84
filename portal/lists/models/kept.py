"""What a person made of a list: the columns, and views with a name."""

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_key() -> str:
    """A short name for an address, not to be guessed from another."""
    return secrets.token_urlsafe(8)


class ColumnChoice(models.Model):
    """The columns of a list, in order, as one person wants them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_slug = models.CharField(max_length=60)
    columns = ArrayField(models.TextField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "list_slug"], name="column_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.list_slug}: {', '.join(self.columns)}"


class SavedView(models.Model):
    """A filter, an order and columns under a name, as a query string. It holds no rows: whoever opens it sees their own.

    ``reseller_id`` is the reseller whose staff its owner was, null for the partner's own staff: it
    decides in whose bar a shared view stands. By its address everybody may open a shared one.
    """

    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_slug = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True)
    shared = models.BooleanField(_("shared"), default=False)
    home_reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list_slug", "name"], name="saved_view_name_once"
            )
        ]
        indexes = [models.Index("list_slug", "shared", name="saved_view_by_list")]

    def __str__(self) -> str:
        return self.name
