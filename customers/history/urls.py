from django.urls import path

from customers.history import views

urlpatterns = [path("<int:pk>/history/", views.history, name="customer_history")]
