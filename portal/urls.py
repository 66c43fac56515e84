"""Every address of the portal, app by app; names are flat, so a link reads `{% url "customer" pk %}`."""

from django.urls import include, path

from portal.access.guard import declare
from portal.mirror.views import receive_webhook

# Public: the signature tells who speaks.
receiver = declare(effect="write", public=True)(receive_webhook)

urlpatterns = [
    path("", include("portal.dashboard.urls")),
    path("customers/", include("customers.urls")),
    path("resellers/", include("customers.resellers.urls")),
    path("", include("orders.urls")),
    path("invoices/", include("billing.urls")),
    path("changes/", include("portal.outbox.urls")),
    path("batches/", include("portal.outbox.batches.urls")),
    path("approvals/", include("portal.outbox.approvals.urls")),
    path("settings/", include("portal.administration.urls")),
    path("account/", include("portal.administration.account_urls")),
    path("", include("portal.access.urls")),
    path("", include("portal.lists.urls")),
    path("", include("portal.notifications.urls")),
    path("", include("portal.operations.urls")),
    path("api/v1/", include("portal.api")),
    path("webhooks/partner-center/<slug:name>/", receiver, name="webhook_receiver"),
]

handler400 = "portal.ui.errors.bad_request"
handler403 = "portal.ui.errors.forbidden"
handler404 = "portal.ui.errors.not_found"
handler500 = "portal.ui.errors.server_error"
