"""Addresses below /settings/."""

from django.urls import include, path

from portal.administration.views import approvals, connections, consent, sync, testing, webhooks

urlpatterns = [
    path("", connections.settings, name="settings"),
    path("connections/", connections.connections, name="connections"),
    path("connections/new/", connections.connection_new, name="connection_new"),
    path("connections/consent/callback/", consent.consent_callback, name="consent_callback"),
    path("connections/consent/<int:pk>/", consent.consent, name="consent"),
    path("connections/consent/<int:pk>/status/", consent.consent_status, name="consent_status"),
    path("connections/<slug:name>/", connections.connection, name="connection"),
    path("connections/<slug:name>/edit/", connections.connection_edit, name="connection_edit"),
    path("connections/<slug:name>/mode/", connections.connection_mode, name="connection_mode"),
    path(
        "connections/<slug:name>/retire/", connections.connection_retire, name="connection_retire"
    ),
    path("connections/<slug:name>/consent/", consent.connection_consent, name="connection_consent"),
    path("connections/<slug:name>/test/", testing.connection_test, name="connection_test"),
    path(
        "connections/<slug:name>/test/status/",
        testing.connection_test_status,
        name="connection_test_status",
    ),
    path("users/", include("portal.administration.people_urls")),
    path("approval-rules/", approvals.approval_rules, name="approval_rules"),
    path("approval-rules/new/", approvals.approval_rule_new, name="approval_rule_new"),
    path("approval-rules/<int:pk>/", approvals.approval_rule, name="approval_rule"),
    path("approval-rules/<int:pk>/end/", approvals.approval_rule_end, name="approval_rule_end"),
    path("sync/", sync.sync, name="sync"),
    path("sync/status/", sync.sync_status, name="sync_status"),
    path("sync/<slug:name>/start/", sync.sync_start, name="sync_start"),
    path("sync/passes/<int:pk>/", sync.sync_decide, name="sync_decide"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<slug:name>/", webhooks.webhook, name="webhook"),
    path("webhooks/<slug:name>/register/", webhooks.webhook_register, name="webhook_register"),
    path("webhooks/<slug:name>/read/", webhooks.webhook_read, name="webhook_read"),
    path("webhooks/<slug:name>/status/", webhooks.webhook_status, name="webhook_status"),
    path("webhooks/<slug:name>/test/", webhooks.webhook_test, name="webhook_test"),
    path(
        "webhooks/<slug:name>/test/result/",
        webhooks.webhook_test_result,
        name="webhook_test_result",
    ),
    path(
        "webhooks/<slug:name>/test/status/",
        webhooks.webhook_test_status,
        name="webhook_test_status",
    ),
]
