"""What lists write into the activity log."""

from django.utils.translation import gettext_lazy as _

from portal.activity.kinds import kind


def register() -> None:
    """Name every kind; called once at start."""
    kind("external_id.added", _("External ID {value} of {system} added"))
    kind("external_id.changed", _("External ID {value} of {system} changed"))
    kind("external_id.removed", _("External ID {value} of {system} removed"))
