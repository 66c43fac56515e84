from django.urls import path

from customers.resellers import views

urlpatterns = [
    path("", views.resellers, name="resellers"),
    path("<int:pk>/", views.reseller, name="reseller"),
]
