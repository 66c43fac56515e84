from django.urls import path

from customers import reading
from customers.profiles import views

urlpatterns = [
    path("<int:pk>/profile/", views.profile, name="customer_profile"),
    path("<int:pk>/profile/billing/", views.billing_profile, name="customer_billing_profile"),
    path("<int:pk>/read/<slug:part>/", reading.read, name="customer_read"),
    path("<int:pk>/read/<slug:part>/status/", reading.read_status, name="customer_read_status"),
]
