from django.urls import path

from customers.creating import views

urlpatterns = [
    path("new/", views.new_customer, name="customer_new"),
    path("new/<int:pk>/", views.created, name="new_customer"),
]
