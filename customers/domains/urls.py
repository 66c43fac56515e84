from django.urls import path

from customers.domains import views

urlpatterns = [
    path("<int:pk>/domains/", views.domains, name="customer_domains"),
    path("<int:pk>/domains/add/", views.add_domain, name="customer_domain_add"),
]
