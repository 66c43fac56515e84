from django.urls import path

from customers.profiles import api

urlpatterns = [
    path("customers/<int:pk>/profile/", api.ProfilesView.as_view(), name="api-customer-profile"),
    path(
        "customers/<int:pk>/update-billing-profile/",
        api.UpdateBillingProfileView.as_view(),
        name="api-customer-update-billing-profile",
    ),
]
