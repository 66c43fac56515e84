"""A file kept for somebody: its bytes lie in the data folder under our own id, never under its name."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One file. Who may read it is asked of its kind; without a rule it is its owner alone."""

    web_access = "select, insert"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("expires_at", name="stored_file_expiry")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes are: two letters of the id as a folder, then the id."""
        name = self.id.hex
        return Path(settings.DATA_DIR) / "files" / name[:2] / name
