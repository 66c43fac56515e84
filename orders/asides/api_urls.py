from django.urls import path

from orders.asides import api

urlpatterns = [
    path("<int:pk>/ask/", api.AskView.as_view(), name="api-subscription-ask"),
    path(
        "<int:pk>/set-auto-renew/",
        api.AutoRenewView.as_view(),
        name="api-subscription-set-auto-renew",
    ),
    path("<int:pk>/register/", api.RegisterView.as_view(), name="api-subscription-register"),
]
