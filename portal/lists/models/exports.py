"""Exports that a worker writes: too many rows for a page to wait for, or two being written already."""

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lists.models.files import StoredFile


class ExportState(models.TextChoices):
    WAITING = "queued", _("Waiting")
    RUNNING = "processing", _("Writing")
    DONE = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Removed")


REASONS: dict[str, str | Promise] = {
    "right": _("You may no longer see this list."),
    "filter": _("The filter can no longer be applied."),
    "slow": _("It took longer than 25 minutes. Narrow the filter, or export CSV."),
    "broken": _("Something went wrong while it was written. Start it again."),
}


class ExportJob(models.Model):
    """One export: what was asked, by whom, how far it is. It is written under the asker's scope."""

    web_access = "select, insert"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_slug = models.CharField(max_length=60)
    format = models.CharField(max_length=4)
    query = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(
        max_length=10, choices=ExportState.choices, default=ExportState.WAITING
    )
    rows_done = models.IntegerField(default=0)
    rows_total = models.IntegerField(null=True)
    error = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("user", "id", name="export_job_by_user")]

    def __str__(self) -> str:
        return f"{self.list_slug} {self.format} {self.pk}"

    @property
    def reason(self) -> str | Promise:
        """Why it failed, in words."""
        return REASONS.get(self.error, REASONS["broken"])

    @property
    def live(self) -> bool:
        """Whether a worker has it or will have it."""
        return self.state in {ExportState.WAITING, ExportState.RUNNING}
