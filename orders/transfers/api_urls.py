from django.urls import path

from orders.transfers import api

urlpatterns = [
    path(
        "customers/<int:pk>/read-transfers/",
        api.ReadTransfersView.as_view(),
        name="api-customer-read-transfers",
    ),
    path(
        "customers/<int:pk>/ask-for-transfer/",
        api.CreateTransferView.as_view(),
        name="api-customer-ask-for-transfer",
    ),
    path(
        "transfers/<int:pk>/approve/",
        api.AcceptTransferView.as_view(),
        name="api-transfer-approve",
    ),
    path(
        "transfers/<int:pk>/reject/",
        api.RejectTransferView.as_view(),
        name="api-transfer-reject",
    ),
    path(
        "transfers/<int:pk>/cancel/",
        api.CancelTransferView.as_view(),
        name="api-transfer-cancel",
    ),
]
