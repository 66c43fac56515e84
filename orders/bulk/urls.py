from django.urls import path

from orders.bulk import views

urlpatterns = [
    path("subscriptions/many/seats/", views.quantity, name="subscriptions_quantity"),
    path("subscriptions/many/suspend/", views.suspend, name="subscriptions_suspend"),
    path("subscriptions/many/reactivate/", views.reactivate, name="subscriptions_reactivate"),
    path("subscriptions/many/end-of-term/", views.term_end, name="subscriptions_term_end"),
    path("subscriptions/many/schedule/", views.next_term, name="subscriptions_schedule"),
    path(
        "subscriptions/many/cancel-schedule/",
        views.cancel_schedule,
        name="subscriptions_cancel_schedule",
    ),
    path("subscriptions/many/term/", views.longer_term, name="subscriptions_term"),
    path("subscriptions/many/billing/", views.billing, name="subscriptions_billing"),
    path("subscriptions/many/auto-renew/", views.auto_renew, name="subscriptions_auto_renew"),
    path("subscriptions/many/upgrade/", views.upgrade, name="subscriptions_upgrade"),
    path("subscriptions/many/register/", views.register, name="subscriptions_register"),
    path("subscriptions/many/cancel/", views.cancel, name="subscriptions_cancel"),
    path("subscriptions/rename/", views.rename_file, name="subscriptions_rename_file"),
    path(
        "subscriptions/rename/template/",
        views.rename_template,
        name="subscriptions_rename_template",
    ),
    path("subscriptions/schedule/", views.schedule_file, name="subscriptions_schedule_file"),
    path(
        "subscriptions/schedule/template/",
        views.schedule_template,
        name="subscriptions_schedule_template",
    ),
    path("orders/many/cancel/", views.cancel_orders, name="orders_cancel"),
    path("orders/many/billing/", views.order_billing, name="orders_billing"),
    path("azure-subscriptions/many/cancel/", views.cancel_azure, name="azure_subscriptions_cancel"),
    path(
        "azure-subscriptions/many/reactivate/",
        views.reactivate_azure,
        name="azure_subscriptions_reactivate",
    ),
    path("migrations/many/start/", views.migrate, name="migrations_start"),
    path("migrations/many/plan/", views.plan_migration, name="migrations_plan"),
    path("planned-migrations/many/cancel/", views.cancel_plans, name="migration_plans_cancel"),
]
