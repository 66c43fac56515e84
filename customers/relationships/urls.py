from django.urls import path

from customers.relationships import views

urlpatterns = [
    path("invite/", views.relationship_request, name="relationship_request"),
    path("<int:pk>/end/", views.end_relationship, name="customer_end"),
    path("<int:pk>/delete/", views.delete_customer, name="customer_delete"),
]
