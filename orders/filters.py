"""Filters of the subscriptions list."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders import finding
from orders.models import Subscription
from portal.access.http import scope_of
from portal.lists.filters import external_operator
from portal.ui import filters, operators

STATUSES = [
    ("active", _("Active")),
    ("suspended", _("Suspended")),
    ("pending", _("Pending")),
    ("expired", _("Expired")),
    ("disabled", _("Disabled")),
    ("deleted", _("Cancelled")),
]
TERMS = [("P1M", _("1 month")), ("P1Y", _("1 year")), ("P3Y", _("3 years"))]


OPERATORS = (
    operators.choice("status", _("Status"), "status", STATUSES, aliases=("statut", "état", "etat")),
    operators.day(
        "renews",
        _("Term ends"),
        "commitment_end_date",
        aliases=("ends", "renouvelle", "échéance", "echeance"),
    ),
    operators.number("seats", _("Seats"), "quantity", aliases=("licences",)),
    operators.text(
        "customer", _("Customer"), "customer__name", aliases=("client",), example="Contoso"
    ),
    operators.text(
        "reseller",
        _("Indirect reseller"),
        "reseller__name",
        aliases=("revendeur",),
        example="Fabrikam",
    ),
    operators.text(
        "country",
        _("Country"),
        "customer__country",
        lookup="iexact",
        aliases=("pays",),
        example="FR",
    ),
    operators.text("product", _("Product"), "offer_name", aliases=("produit",), example="E3"),
    operators.choice(
        "term", _("Term"), "term_duration", TERMS, aliases=("terme", "durée", "duree")
    ),
    operators.flag(
        "autorenew", _("Renews by itself"), "auto_renew", aliases=("renouvellementauto",)
    ),
    operators.day(
        "takeback",
        _("Seats can be taken back until"),
        "refund_until",
        aliases=("annulable",),
    ),
    operators.text(
        "order",
        _("Order ID"),
        "order_pc_id",
        lookup="iexact",
        aliases=("commande",),
        example="4f3d",
    ),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
    external_operator("subscription"),
)


class SubscriptionFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter subscriptions"),
        placeholder=_("Product, customer or subscription ID"),
        method="find",
    )
    status = filters.ChoiceFilter(label=_("Status"), empty_label=_("Any status"), choices=STATUSES)
    term = filters.ChoiceFilter(
        label=_("Term"), field_name="term_duration", empty_label=_("Any term"), choices=TERMS
    )
    ends_before = filters.DateFilter(
        label=_("Term ends before"), field_name="commitment_end_date", lookup_expr="date__lt"
    )

    def find(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        assert self.request is not None
        found = finding.find(scope_of(self.request), value)
        self.spare_counting(found.number, finding.FEW)
        return finding.matching(queryset, value, found)


class CustomerSubscriptionFilters(SubscriptionFilters):
    """The same over the subscriptions of one customer, which are few: nothing is looked up before."""

    def find(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        return finding.matching(queryset, value, finding.Found())
