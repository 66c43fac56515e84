from django.urls import path

from orders.transfers import answering, views

urlpatterns = [
    path("transfers/", views.transfers, name="transfers"),
    path("transfers/<int:pk>/", views.transfer, name="transfer"),
    path("transfers/<int:pk>/approve/", answering.transfer_accept, name="transfer_accept"),
    path("transfers/<int:pk>/reject/", answering.transfer_reject, name="transfer_reject"),
    path("transfers/<int:pk>/cancel/", answering.transfer_cancel, name="transfer_cancel"),
    path("customers/<int:pk>/transfers/", views.customer_transfers, name="customer_transfers"),
    path("customers/<int:pk>/transfers/new/", views.transfer_create, name="transfer_create"),
]
