"""A connection is one Partner Center account, reached through one application registration.

The row holds what a person configured (hosts, tenant, application, mode) and what the portal learned
(consent, clock, a refused sign-in). Access tokens stand beside it, one row per kind, shared by all workers.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.connections.secrets import SecretField
from portal.connections.validators import host_url, is_exposed, plain_id, tenant

ADDRESSES = ("api_url", "login_url", "graph_url")
RETIRED = "connection_retired"
"""The code of what is refused because its connection is retired."""
RESERVED_NAMES = frozenset({"new", "consent"})


class CloudName(models.TextChoices):
    PUBLIC = "public", _("Public")
    CHINA = "china", _("China (21Vianet)")
    GERMANY = "germany", _("Germany (closed)")
    US_GOV = "us-gov", _("US government")


class Environment(models.TextChoices):
    PRODUCTION = "production", _("Production")
    SANDBOX = "sandbox", _("Sandbox")


class Mode(models.TextChoices):
    """What may leave the portal for Partner Center."""

    READ_ONLY = "read_only", _("Read only")
    ASK = "ask", _("Ask a second person")
    LIVE = "live", _("Live")


class TokenKind(models.TextChoices):
    APP = "app", _("Application")
    APP_USER = "app_user", _("Application and user")
    GRAPH = "graph", _("Microsoft Graph")
    SALES = "sales", _("Price sheets")


def free_name(value: str) -> None:
    if value in RESERVED_NAMES:
        raise ValidationError(_("This name is used by the portal itself. Choose another."))


class Connection(models.Model):
    """One Partner Center account. Environment and mode default to the careful side."""

    name = models.SlugField(_("name"), max_length=50, unique=True, validators=[free_name])
    cloud = models.CharField(
        _("cloud"), max_length=10, choices=CloudName.choices, default=CloudName.PUBLIC
    )
    environment = models.CharField(
        _("environment"),
        max_length=10,
        choices=Environment.choices,
        default=Environment.PRODUCTION,
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.READ_ONLY)
    tenant_id = models.CharField(_("tenant"), max_length=100, validators=[tenant])
    client_id = models.CharField(_("application ID"), max_length=100, validators=[plain_id])
    client_secret = SecretField(_("client secret"), default="", blank=True)
    api_url = models.CharField(_("API address"), max_length=200, validators=[host_url])
    login_url = models.CharField(_("sign-in address"), max_length=200, validators=[host_url])
    graph_url = models.CharField(
        _("Graph address"), max_length=200, default="", blank=True, validators=[host_url]
    )
    # Requests a minute per throttle class where they differ from Microsoft's documented ones.
    limits = models.JSONField(_("requests a minute"), default=dict, blank=True)

    refresh_token = SecretField(null=True, blank=True, editable=False)
    consented_at = models.DateTimeField(null=True, editable=False)
    consented_by = models.CharField(max_length=320, default="", blank=True, editable=False)
    # Counts changes of tenant, application, secret, hosts and consent: a token or a refusal that
    # belongs to an earlier count says nothing about the present one.
    credentials_version = models.PositiveIntegerField(default=0, editable=False)

    clock_offset = models.FloatField(default=0.0, editable=False)
    clock_checked_at = models.DateTimeField(null=True, editable=False)

    problem_kind = models.CharField(
        max_length=10, choices=TokenKind.choices, default="", blank=True, editable=False
    )
    problem_code = models.CharField(max_length=60, default="", blank=True, editable=False)
    problem_text = models.TextField(default="", blank=True, editable=False)
    problem_correlation_id = models.CharField(max_length=60, default="", blank=True, editable=False)
    problem_at = models.DateTimeField(null=True, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    # Retired for good: no secret is left, nothing is read or sent; rows and activity stay readable.
    retired_at = models.DateTimeField(null=True, editable=False)
    retired_by = models.CharField(max_length=320, default="", blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(mode__in=["read_only", "ask", "live"]),
                name="connections_mode_known",
            ),
            models.CheckConstraint(
                condition=models.Q(environment__in=["production", "sandbox"]),
                name="connections_environment_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep a production secret from travelling in clear text, except to this machine itself."""
        if self.environment != Environment.PRODUCTION:
            return
        exposed = [name for name in ADDRESSES if is_exposed(getattr(self, name))]
        if exposed:
            raise ValidationError(
                {name: _("A production connection needs https.") for name in exposed}
            )

    def now(self) -> datetime:
        """Partner Center's clock as far as we know it: ours plus the offset of its last answer."""
        return timezone.now() + timedelta(seconds=self.clock_offset)

    def today(self) -> date:
        """The day that it is by that clock, in the reader's time zone."""
        return timezone.localdate(self.now())

    def by_our_clock(self, moment: datetime) -> datetime:
        """When it is that moment at Partner Center, by our clock: for lists of several connections."""
        return moment - timedelta(seconds=self.clock_offset)

    @property
    def writes_allowed(self) -> bool:
        """Whether a write may be sent at all; ``ask`` still needs a second person first."""
        return self.mode in {Mode.ASK, Mode.LIVE}

    @property
    def is_production(self) -> bool:
        return self.environment == Environment.PRODUCTION

    @property
    def is_paused(self) -> bool:
        """A refused sign-in stops every automatic call until a person mends it; retiring, for good."""
        return self.problem_at is not None or self.is_retired

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def has_consent(self) -> bool:
        return bool(self.refresh_token)


class AccessToken(models.Model):
    """The current token of one kind, or the lease of the one worker that is fetching it.

    The lease is a column and not a row lock, because a lock would hold a transaction open while
    Microsoft answers.
    """

    # The web role never needs a token: a page does not call Partner Center.
    web_access = ""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="access_tokens")
    kind = models.CharField(max_length=10, choices=TokenKind.choices)
    value = SecretField(default="")
    expires_at = models.DateTimeField(null=True)
    renew_at = models.DateTimeField(null=True)
    credentials_version = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "kind"], name="connections_token_once"),
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.kind}"


class ConsentAttempt(models.Model):
    """One trip of one person to Microsoft's consent page: bound to that person, used once, short-lived.

    The user is a plain id because people live in a layer above; the sign-in name is kept as text.
    """

    class State(models.TextChoices):
        STARTED = "started", _("Waiting for Microsoft")
        REDEEMING = "redeeming", _("Asking Microsoft")
        GIVEN = "given", _("Given")
        REFUSED = "refused", _("Refused")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="consent_attempts")
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=320)
    state_token = models.CharField(max_length=100, unique=True)
    verifier = SecretField()
    redirect_uri = models.CharField(max_length=500)
    code = SecretField(default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    error_code = models.CharField(max_length=60, default="")
    error_text = models.TextField(default="")
    correlation_id = models.CharField(max_length=60, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["connection", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.state}"

    @property
    def is_over(self) -> bool:
        """Whether its time has passed: an answer that comes now is not used any more."""
        return timezone.now() >= self.expires_at
