from django.urls import path

from orders.entitled import api

urlpatterns = [
    path(
        "customers/<int:pk>/read-azure-subscriptions/",
        api.ReadAzureView.as_view(),
        name="api-customer-read-azure-subscriptions",
    ),
    path(
        "azure-subscriptions/<int:pk>/cancel/",
        api.CancelAzureView.as_view(),
        name="api-azure-subscription-cancel",
    ),
    path(
        "azure-subscriptions/<int:pk>/reactivate/",
        api.ReactivateAzureView.as_view(),
        name="api-azure-subscription-reactivate",
    ),
]
