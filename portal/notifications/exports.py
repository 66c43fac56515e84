"""Whoever had a worker write an export is told when its file is there, or why there is none."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.lists import hooks
from portal.lists.models import ExportJob
from portal.lists.models.exports import REASONS
from portal.notifications import kinds
from portal.notifications.telling import News, notify
from portal.ui import directory, formats

SETTLED = "export.settled"


def register() -> None:
    """Enter the kind and answer the hook; called from NotificationsConfig.ready."""
    kinds.register(
        kinds.Kind(
            slug=SETTLED,
            label=gettext_lazy("My export is finished or has failed"),
            subject=gettext_lazy("{outcome}: {list}, {format}"),
            text="{what}",
            words=_words,
        )
    )
    hooks.on_export_settled(tell)


def tell(job: ExportJob) -> None:
    """Tell the person who started it; the address is that of the file."""
    told: dict[str, Any] = {"list": job.list_slug, "format": job.format, "error": job.error}
    url = reverse("exports")
    if job.file is not None:
        until = job.file.expires_at
        told |= {"rows": job.rows_total, "until": until.isoformat() if until else ""}
        url = reverse("stored_file", args=[job.file.pk])
    notify(News(kind=SETTLED, parameters=told, url=url), [job.user])


def _words(told: Mapping[str, Any]) -> Mapping[str, Any]:
    entry = directory.get(str(told.get("list", "")))
    words = {
        "list": entry.listing.title if entry else told.get("list"),
        "format": str(told.get("format", "")).upper(),
    }
    if error := told.get("error"):
        reason = REASONS.get(error, REASONS["broken"])
        return words | {"outcome": _("Export failed"), "what": reason}
    until = parse_datetime(str(told.get("until", "")))
    rows = told.get("rows") or 0
    kept = ngettext(
        "%(rows)s row. The file is kept until %(day)s.",
        "%(rows)s rows. The file is kept until %(day)s.",
        rows,
    ) % {"rows": formats.count(rows), "day": formats.date_short(until)}
    return words | {"outcome": _("Export finished"), "what": kept}
