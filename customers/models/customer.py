"""Customers of a connection, and through which indirect resellers they buy."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import DetailMixin, MirrorModel

LIVE = models.Q(gone_at__isnull=True)


# The list of customers carries name, domain and relationship; the rest comes with get-by-id.
# History keeps the state that a change ended (the old row): a first load then writes no history.
@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    fields=[
        "connection",
        "pc_id",
        "gone_at",
        "tenant_id",
        "name",
        "domain",
        "relationship_to_partner",
        "country",
        "city",
        "language",
        "allow_delegated_access",
    ],
    context_field=pghistory.ContextJSONField(),
    context_id_field=None,  # type: ignore[arg-type] # None means no column, as its docs say
    model_name="CustomerEvent",
)
class Customer(DetailMixin, MirrorModel):
    tenant_id = models.TextField(_("tenant"), default="", db_default="")
    name = models.TextField(_("name"), default="", db_default="")
    domain = models.TextField(_("domain"), default="", db_default="")
    relationship_to_partner = models.TextField(_("relationship"), default="", db_default="")

    commerce_id = models.TextField(default="", db_default="")
    country = models.TextField(_("country"), default="", db_default="")
    region = models.TextField(_("region"), default="", db_default="")
    city = models.TextField(_("city"), default="", db_default="")
    postal_code = models.TextField(_("postal code"), default="", db_default="")
    address_line1 = models.TextField(_("address"), default="", db_default="")
    address_line2 = models.TextField(_("address, second line"), default="", db_default="")
    phone = models.TextField(_("phone"), default="", db_default="")
    email = models.TextField(_("e-mail"), default="", db_default="")
    first_name = models.TextField(_("first name"), default="", db_default="")
    last_name = models.TextField(_("last name"), default="", db_default="")
    language = models.TextField(_("language"), default="", db_default="")
    culture = models.TextField(_("culture"), default="", db_default="")
    allow_delegated_access = models.BooleanField(_("delegated access"), null=True)
    associated_partner_id = models.TextField(default="", db_default="")

    scope_path: ClassVar[str] = "reseller_links__reseller"

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="customer_pc_id")
        ]
        indexes = [
            # Whole, since subscriptions are also ordered by the names of customers that are gone.
            models.Index("name", "id", name="customer_by_name"),
            models.Index("domain", "id", name="customer_by_domain", condition=LIVE),
            models.Index("country", "id", name="customer_by_country", condition=LIVE),
            models.Index("country", "name", "id", name="customer_in_country", condition=LIVE),
            models.Index("connection", "name", "id", name="customer_by_connection", condition=LIVE),
            # Answers alone, without the rows, how many match.
            models.Index("connection", "country", "id", name="customer_counted", condition=LIVE),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customer", args=[self.pk])

    @property
    def address_lines(self) -> list[str]:
        """The address as it is written on a letter, without the country; empty while unread."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        lines = (self.address_line1, self.address_line2, town, self.region)
        return [line for line in lines if line]

    @property
    def contact_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class ResellerLink(models.Model):
    """That a customer buys through an indirect reseller. A customer may have several."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, related_name="reseller_links"
    )
    customer_pc_id = models.TextField()
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.CASCADE, null=True, related_name="customer_links"
    )
    reseller_pc_id = models.TextField()
    mpn_id = models.TextField(default="", db_default="")
    first_seen_at = models.DateTimeField(db_default=Now(), editable=False)
    gone_at = models.DateTimeField(null=True, editable=False)
    list_digest = models.BinaryField(null=True, editable=False)
    list_observed_at = models.DateTimeField(null=True, editable=False)

    web_access: ClassVar[str] = "select"
    scope_path: ClassVar[str] = "reseller"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "customer_pc_id", "reseller_pc_id"], name="link_one_per_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_pc_id} - {self.reseller_pc_id}"
