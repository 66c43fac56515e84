"""People, what they may do where, their API tokens, and the indirect resellers that bound them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import JSONObject, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from portal.access.roles import PARTNER_ROLES, RESELLER_ROLES, Role
from portal.connections.models import Connection
from portal.mirror.models import MirrorModel


class UserQuerySet(models.QuerySet["User"]):
    def with_memberships(self) -> "UserQuerySet":
        """Users whose memberships come along in the same query, as ``membership_rows``."""
        rows = Membership.objects.filter(user=models.OuterRef("pk")).values(
            row=JSONObject(role="role", connection="connection_id", reseller="reseller_id")
        )
        return self.annotate(membership_rows=ArraySubquery(rows))


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def with_memberships(self) -> UserQuerySet:
        return self.get_queryset().with_memberships()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person; without password they cannot sign in until one is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractBaseUser):  # type: ignore[django-manager-missing] # knox's manager is untyped
    """A person who signs in with an e-mail address. Rights come from memberships alone."""

    web_access = "select, insert, update"

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("can sign in"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.email


class Reseller(MirrorModel):
    """An indirect reseller of a connection: the unit that tenancy is stored by."""

    scope_path = "id"
    web_access = "select"

    name = models.TextField()
    location = models.TextField(blank=True)
    country = models.TextField(blank=True)
    state = models.TextField(blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="reseller_once")
        ]

    def __str__(self) -> str:
        return self.name


class ResellerMpn(models.Model):
    """One of a reseller's partner ids; rows of Microsoft name a reseller by any of them."""

    scope_path = "reseller"
    web_access = "select"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="mpns")
    mpn_id = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "mpn_id"], name="mpn_once")]

    def __str__(self) -> str:
        return self.mpn_id


class Membership(models.Model):
    """A role held somewhere: everywhere (no connection), in a connection, or in one reseller."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    reseller = models.ForeignKey(
        Reseller, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "connection", "reseller"],
                name="membership_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="membership_reseller_has_connection",
                condition=models.Q(reseller=None) | models.Q(connection__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_partner_role_is_wide",
                condition=~models.Q(role__in=sorted(PARTNER_ROLES)) | models.Q(reseller=None),
            ),
            models.CheckConstraint(
                name="membership_reseller_role_is_narrow",
                condition=~models.Q(role__in=sorted(RESELLER_ROLES))
                | models.Q(reseller__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class ApiToken(AbstractAuthToken):
    """A person's key to the API. Only its digest is kept; it sees what the person sees."""

    name = models.CharField(_("name"), max_length=100)
    read_only = models.BooleanField(_("read only"), default=True)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """One findable record: a narrow row, so that search never reads the wide tables.

    The web role cannot read it; the function ``portal_search`` does, with the scope as a parameter
    (a row policy would turn the trigram index into a scan, since ILIKE is not leakproof).
    """

    web_access = ""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    reseller_ids = ArrayField(models.BigIntegerField(), default=list)
    title = models.TextField()
    subtitle = models.TextField(blank=True)
    keys = ArrayField(models.TextField(), default=list)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")
        ]
        indexes = [
            # Answers text, one kind, and place together: a reseller stands in it by its id, a
            # connection by its id below zero. As written in ``portal.access.search_sql``.
            GinIndex(
                OpClass("text", name="gin_trgm_ops"),
                models.Func("kind", template="ARRAY[%(expressions)s::text]"),
                models.Func(
                    "reseller_ids", "connection", arg_joiner=", -", function="array_append"
                ),
                name="search_text_in_place",
            ),
            GinIndex(fields=["keys"], name="search_keys"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
