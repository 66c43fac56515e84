from django.urls import path

from customers.agreements import api

urlpatterns = [
    path(
        "customers/<int:pk>/agreements/",
        api.AgreementsView.as_view(),
        name="api-customer-agreements",
    ),
    path(
        "customers/<int:pk>/confirm-agreement/",
        api.ConfirmAgreementView.as_view(),
        name="api-customer-confirm-agreement",
    ),
    path(
        "customers/<int:pk>/set-qualification/",
        api.SetQualificationView.as_view(),
        name="api-customer-set-qualification",
    ),
]
