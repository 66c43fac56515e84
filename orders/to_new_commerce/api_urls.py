from django.urls import path

from orders.to_new_commerce import api

urlpatterns = [
    path(
        "customers/<int:pk>/read-migrations/",
        api.ReadMigrationsView.as_view(),
        name="api-customer-read-migrations",
    ),
    path(
        "subscriptions/<int:pk>/check-migration/",
        api.CheckView.as_view(),
        name="api-subscription-check-migration",
    ),
    path(
        "subscriptions/<int:pk>/migrate/",
        api.MigrateView.as_view(),
        name="api-subscription-migrate",
    ),
    path("migrations/<int:pk>/follow/", api.FollowView.as_view(), name="api-migration-follow"),
    path(
        "planned-migrations/<int:pk>/change/",
        api.ReplanView.as_view(),
        name="api-planned-migration-change",
    ),
    path(
        "planned-migrations/<int:pk>/cancel/",
        api.GiveUpView.as_view(),
        name="api-planned-migration-cancel",
    ),
]
