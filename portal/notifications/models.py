"""What people were told: in the portal, and by mail with how far each mail has come."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.notifications import kinds


class Channel(models.TextChoices):
    MAIL = "mail", _("In the portal and by mail")
    PORTAL = "portal", _("In the portal")
    NONE = "none", _("Not at all")


class Notification(models.Model):
    """One thing told to one person. Words are made from ``kind`` and ``parameters`` when it is read.

    ``about_connection`` and ``about_reseller`` are where it lies: a person who loses that part of
    the portal no longer reads it. Empty for what concerns the person alone.
    """

    web_access = "select, insert, update"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    about_connection = models.BigIntegerField(null=True, blank=True)
    about_reseller = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notification_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def title(self) -> str:
        """The line of the inbox, in the reader's language."""
        return kinds.get(self.kind).title(self.parameters)

    @property
    def text(self) -> str:
        """What else there is to say."""
        return kinds.get(self.kind).body(self.parameters)


class Choice(models.Model):
    """How a person wants to be told of a kind; without a row the kind's own default holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="notification_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class MailState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


# Why a mail was not sent, by the code in ``error``.
REASONS: dict[str, str | Promise] = {
    "refused": _("The mail server refused the address or the mail."),
    "unreachable": _("The mail server could not be reached."),
    "unknown": _("The connection broke while it was being sent: it may have arrived."),
    "no_server": _("No mail server is set up (EMAIL_HOST)."),
}


class Mail(models.Model):
    """One mail to one address, rendered when it was asked for, sent at most once by itself.

    ``lease_until`` ends the claim of the worker that sends it. Its text is dropped once it is sent.
    """

    web_access = "select, insert, update"

    to = models.EmailField(_("to"))
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=60)
    state = models.CharField(
        _("state"), max_length=10, choices=MailState.choices, default=MailState.QUEUED
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=20, blank=True)
    said = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mail_sent_has_moment",
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="mail_failed_has_error", condition=~Q(state=MailState.FAILED) | ~Q(error="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=[MailState.QUEUED, MailState.SENDING]),
                name="mail_open",
            ),
            models.Index(fields=["state", "-id"], name="mail_state"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def reason(self) -> str | Promise:
        """Why it was not sent, in words; "" while nothing went wrong."""
        return REASONS.get(self.error, "")


class MailboxMessage(models.Model):
    """A mail that the demo kept instead of sending it (MAILBOX)."""

    web_access = "select"

    to = models.EmailField()
    sender = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    arrived_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.subject}"
