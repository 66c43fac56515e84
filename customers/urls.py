from django.urls import path

from customers import views

urlpatterns = [
    path("", views.customers, name="customers"),
    path("<int:pk>/", views.customer, name="customer"),
    path("<int:pk>/refresh/", views.customer_refresh, name="customer_refresh"),
]
