from django.urls import path

from orders.entitled import views

urlpatterns = [
    path("customers/<int:pk>/azure/", views.customer_azure, name="customer_azure"),
    path("azure-subscriptions/", views.azure_subscriptions, name="azure_subscriptions"),
    path("azure-subscriptions/<int:pk>/", views.azure_subscription, name="azure_subscription"),
    path("azure-subscriptions/<int:pk>/cancel/", views.cancel_azure, name="azure_cancel"),
    path(
        "azure-subscriptions/<int:pk>/reactivate/", views.reactivate_azure, name="azure_reactivate"
    ),
]
