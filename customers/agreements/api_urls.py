from django.urls import path

from customers.agreements import api, live_api

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
    path(
        "customers/<int:pk>/agreement-document/",
        live_api.DocumentView.as_view(),
        name="api-customer-agreement-document",
    ),
    path(
        "customers/<int:pk>/validation-codes/",
        live_api.CodesView.as_view(),
        name="api-customer-validation-codes",
    ),
]
