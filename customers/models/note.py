"""What the portal's own people write on a customer: tags and notes, of the partner or of one reseller."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

LONGEST_TAG = 40
LONGEST_NOTE = 4_000


class Written(models.Model):
    """A row beside a customer. ``reseller`` is whose people wrote it; without one it is the partner's alone."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.CASCADE, null=True, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    web_access: ClassVar[str] = "select, insert, delete"
    scope_path: ClassVar[str] = "reseller"

    class Meta:
        abstract = True


class Tag(Written):
    """A word by which customers are found and told apart."""

    name = models.CharField(_("tag"), max_length=LONGEST_TAG)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(
                "customer", "reseller", Lower("name"), name="tag_once", nulls_distinct=False
            )
        ]
        indexes = [models.Index(Lower("name"), "customer", name="tag_by_name")]

    def __str__(self) -> str:
        return self.name


class Note(Written):
    """A text with its author and its moment; it is not changed afterwards."""

    text = models.TextField(_("note"), max_length=LONGEST_NOTE)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text[:60]
