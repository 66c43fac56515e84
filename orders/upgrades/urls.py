from django.urls import path

from orders.upgrades import views

urlpatterns = [
    path("<int:pk>/upgrade/", views.upgrade, name="subscription_upgrade"),
    path("<int:pk>/upgrade/targets/", views.upgrade_targets, name="subscription_upgrade_targets"),
]
