"""/api/v1/: the same resources and verbs as the pages, for scripts."""

from django.urls import include, path, reverse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from billing.api import InvoiceLineViewSet, InvoiceViewSet
from customers.api import CustomerViewSet
from customers.licences.api import LicenceViewSet
from customers.permissions.api import PermissionViewSet
from customers.users.api import CustomerUserViewSet
from orders.api.subscriptions import SubscriptionViewSet
from orders.carts.api import CartViewSet
from orders.catalogue.api import ProductViewSet
from orders.catalogue.legacy.api import OfferViewSet
from orders.entitled.api import AzureSubscriptionViewSet
from orders.placed.api import OrderViewSet
from orders.prices.api import PriceBookViewSet, PriceRuleViewSet, SheetPriceViewSet
from orders.renewals.api import RenewalViewSet, RenewedViewSet, TermDecisionViewSet
from orders.renewals.mailing.api import TermLetterViewSet
from orders.to_new_commerce.api import MigrationViewSet, ScheduleViewSet
from orders.transfers.api import TransferViewSet
from portal.access import schema  # noqa: F401 - describing the two ways in registers them
from portal.access.guard import declare
from portal.administration.api import ConnectionViewSet
from portal.administration.rules_api import RuleViewSet
from portal.dashboard.activity_log.api import ActivityViewSet, TimelineViewSet
from portal.lists.api import ExternalIdViewSet
from portal.notifications.api import NotificationViewSet
from portal.outbox.api import ChangeViewSet
from portal.outbox.batches.api import BatchViewSet

# What the API is like tells nothing of what is in it.
described = declare(effect="read", public=True)

router = SimpleRouter()
router.register("connections", ConnectionViewSet, basename="api-connection")
router.register("customers", CustomerViewSet, basename="api-customer")
router.register("licences", LicenceViewSet, basename="api-licence")
router.register("customer-users", CustomerUserViewSet, basename="api-customer-user")
router.register("permissions", PermissionViewSet, basename="api-permission")
router.register("subscriptions", SubscriptionViewSet, basename="api-subscription")
router.register("renewals", RenewalViewSet, basename="api-renewal")
router.register("renewed", RenewedViewSet, basename="api-renewed")
router.register("term-decisions", TermDecisionViewSet, basename="api-term-decision")
router.register("term-letters", TermLetterViewSet, basename="api-term-letter")
router.register("orders", OrderViewSet, basename="api-order")
router.register("carts", CartViewSet, basename="api-cart")
router.register("azure-subscriptions", AzureSubscriptionViewSet, basename="api-azure-subscription")
router.register("transfers", TransferViewSet, basename="api-transfer")
router.register("migrations", MigrationViewSet, basename="api-migration")
router.register("planned-migrations", ScheduleViewSet, basename="api-planned-migration")
router.register("products", ProductViewSet, basename="api-product")
router.register("offers", OfferViewSet, basename="api-offer")
router.register("price-books", PriceBookViewSet, basename="api-price-book")
router.register("price-rules", PriceRuleViewSet, basename="api-price-rule")
router.register("sheet-prices", SheetPriceViewSet, basename="api-sheet-price")
router.register("invoices", InvoiceViewSet, basename="api-invoice")
router.register("invoice-lines", InvoiceLineViewSet, basename="api-invoice-line")
router.register("external-ids", ExternalIdViewSet, basename="api-external-id")
router.register("changes", ChangeViewSet, basename="api-change")
router.register("batches", BatchViewSet, basename="api-batch")
router.register("approval-rules", RuleViewSet, basename="api-approval-rule")
router.register("notifications", NotificationViewSet, basename="api-notification")
router.register("activity", ActivityViewSet, basename="api-activity")
router.register("timeline", TimelineViewSet, basename="api-timeline")


class Root(APIView):
    """Where everything is."""

    right = ""
    effect = "read"

    @extend_schema(summary="Find the resources", responses={200: dict[str, str]})
    def get(self, request: Request) -> Response:
        names = (
            "connection",
            "customer",
            "customer-user",
            "licence",
            "product",
            "offer",
            "subscription",
            "renewal",
            "renewed",
            "term-decision",
            "term-letter",
            "order",
            "cart",
            "azure-subscription",
            "transfer",
            "migration",
            "planned-migration",
            "price-book",
            "price-rule",
            "sheet-price",
            "external-id",
            "invoice",
            "invoice-line",
            "change",
            "batch",
            "approval-rule",
            "notification",
            "activity",
            "timeline",
        )
        urls = {basename: reverse(f"api-{basename}-list") for basename in names}
        urls |= {"schema": reverse("api-schema"), "docs": reverse("api-docs")}
        return Response({name: request.build_absolute_uri(url) for name, url in urls.items()})


urlpatterns = [
    path("", Root.as_view(), name="api-root"),
    path("schema/", described(SpectacularAPIView.as_view()), name="api-schema"),
    path(
        "docs/",
        described(SpectacularSwaggerSplitView.as_view(url_name="api-schema")),
        name="api-docs",
    ),
    path("", include("customers.profiles.api_urls")),
    path("", include("customers.licences.api_urls")),
    path("", include("customers.agreements.api_urls")),
    path("", include("customers.api_urls")),
    path("", include("customers.relationships.api_urls")),
    path("", include("customers.permissions.api_urls")),
    path("", include("customers.users.api_urls")),
    path("", include("orders.api.urls")),
    path("", include("orders.api.reading_urls")),
    path("", include("orders.catalogue.api_urls")),
    path("", include("orders.placed.api_urls")),
    path("", include("orders.prices.api_urls")),
    path("", include("orders.entitled.api_urls")),
    path("", include("orders.purchase_orders.api_urls")),
    path("", include("orders.transfers.api_urls")),
    path("", include("orders.to_new_commerce.api_urls")),
    path("", include(router.urls)),
]
