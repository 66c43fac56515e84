from django.urls import path

from orders.to_new_commerce import planning, views

urlpatterns = [
    path("customers/<int:pk>/migrations/", views.customer_migrations, name="customer_migrations"),
    path("migrations/", views.migrations, name="migrations"),
    path("migrations/legacy/", views.migratable, name="migratable"),
    path("planned-migrations/", views.planned_migrations, name="planned_migrations"),
    path("migrations/<int:pk>/", views.migration, name="migration"),
    path("migrations/<int:pk>/events/", views.migration_events, name="migration_events"),
    path("planned-migrations/<int:pk>/", views.migration_schedule, name="migration_schedule"),
    path(
        "planned-migrations/<int:pk>/change/",
        planning.schedule_change,
        name="migration_schedule_change",
    ),
    path(
        "planned-migrations/<int:pk>/cancel/",
        planning.schedule_cancel,
        name="migration_schedule_cancel",
    ),
    path(
        "subscriptions/<int:pk>/migrate/",
        planning.subscription_migrate,
        name="subscription_migrate",
    ),
    path("subscriptions/<int:pk>/migrate/check/", views.migration_check, name="migration_check"),
]
