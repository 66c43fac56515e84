from django.urls import path

from orders.asides import views

urlpatterns = [
    path("<int:pk>/ask/", views.ask, name="subscription_ask"),
    path("<int:pk>/auto-renew/", views.auto_renew, name="subscription_auto_renew"),
    path("<int:pk>/register/", views.register, name="subscription_register"),
]
