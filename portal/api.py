"""/api/v1/: the same resources and verbs as the pages, for scripts."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from customers.api import CustomerViewSet
from orders.api.subscriptions import SubscriptionViewSet
from portal.dashboard.activity_log.api import ActivityViewSet
from portal.outbox.api import ChangeViewSet

router = SimpleRouter()
router.register("customers", CustomerViewSet, basename="api-customer")
router.register("subscriptions", SubscriptionViewSet, basename="api-subscription")
router.register("changes", ChangeViewSet, basename="api-change")
router.register("activity", ActivityViewSet, basename="api-activity")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("", include("orders.api.urls")),
    path("", include(router.urls)),
]
