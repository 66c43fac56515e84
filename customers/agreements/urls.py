from django.urls import path

from customers.agreements import views

urlpatterns = [
    path("<int:pk>/agreements/", views.agreements, name="customer_agreements"),
    path(
        "<int:pk>/agreements/confirm/", views.confirm_agreement, name="customer_confirm_agreement"
    ),
    path(
        "<int:pk>/agreements/template/",
        views.agreement_template,
        name="customer_agreement_template",
    ),
    path(
        "<int:pk>/agreements/document/",
        views.agreement_document,
        name="customer_agreement_document",
    ),
    path("<int:pk>/qualifications/ask/", views.set_qualification, name="customer_qualification"),
    path(
        "<int:pk>/qualifications/codes/", views.validation_codes, name="customer_validation_codes"
    ),
]
