from django.urls import path

from portal.notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_all, name="notifications_read"),
    path("notifications/<int:pk>/open/", views.open_one, name="notification_open"),
    path("account/notifications/", views.choices, name="notification_choices"),
    path("settings/mails/", views.mails, name="mails"),
    path("settings/mails/<int:pk>/retry/", views.mail_retry, name="mail_retry"),
    path("settings/mail-templates/", views.mail_templates, name="mail_templates"),
    path(
        "settings/mail-templates/<str:kind>/<str:language>/",
        views.mail_template,
        name="mail_template",
    ),
    path(
        "settings/mail-templates/<str:kind>/<str:language>/default/",
        views.mail_template_default,
        name="mail_template_default",
    ),
    path(
        "settings/mail-templates/<str:kind>/<str:language>/preview/",
        views.mail_template_preview,
        name="mail_template_preview",
    ),
    path("settings/mailbox/", views.mailbox, name="mailbox"),
]
