"""What people were told: in the portal, and by mail with how far each mail has come."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.connections.models import Connection
from portal.notifications import kinds

DIGEST_HOUR = 8


class Channel(models.TextChoices):
    MAIL = "mail", _("In the portal and by mail at once")
    DIGEST = "digest", _("In the portal and in a daily mail")
    PORTAL = "portal", _("In the portal")
    NONE = "none", _("Not at all")


class Notification(models.Model):
    """One thing told to one person. Words are made from ``kind`` and ``parameters`` when it is read.

    ``about_connection`` and ``about_reseller`` are where it lies: a person who loses that part of
    the portal no longer reads it. Empty for what concerns the person alone. ``awaits_digest`` until
    a daily mail has told it or nothing is left to tell; ``digest`` is that mail.
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
    awaits_digest = models.BooleanField(default=False)
    digest = models.ForeignKey("Mail", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notification_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["user", "created_at"],
                condition=Q(awaits_digest=True),
                name="notification_awaits_digest",
            ),
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


class DigestTime(models.Model):
    """When a person's daily mail goes out: an hour of their own clock, 8:00 without a row.

    ``sent_for`` is the moment that the last one was due at: the next one is of a later moment.
    """

    web_access = "select, insert, update"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    hour = models.PositiveSmallIntegerField(default=DIGEST_HOUR)
    sent_for = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="digest_hour_of_a_day", condition=Q(hour__lt=24))
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.hour}:00"


class MailTemplate(models.Model):
    """A mail's text as staff wrote it, in one language; for all connections where none is named.

    Without a row the portal's own text holds; see ``portal.notifications.letters``.
    """

    # Read by whoever has a mail sent, a reseller's staff too; pages show it to who edits it.
    web_access = "select, insert, update, delete"

    kind = models.CharField(max_length=60)
    language = models.CharField(_("language"), max_length=10)
    connection = models.ForeignKey(
        Connection, models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "language", "connection"],
                name="mail_template_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"


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
