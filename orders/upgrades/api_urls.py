from django.urls import path

from orders.upgrades import api

urlpatterns = [
    path(
        "<int:pk>/upgrade-targets/",
        api.UpgradeTargetsView.as_view(),
        name="api-subscription-upgrade-targets",
    ),
    path("<int:pk>/upgrade/", api.UpgradeView.as_view(), name="api-subscription-upgrade"),
]
