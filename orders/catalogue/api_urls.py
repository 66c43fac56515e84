from django.urls import path

from orders.catalogue import asking_api

urlpatterns = [
    path("products/look-up/", asking_api.LookUpView.as_view(), name="api-product-look-up"),
    path(
        "products/<int:pk>/check-availability/",
        asking_api.AvailabilityCheckView.as_view(),
        name="api-product-check-availability",
    ),
    path("offers/<int:pk>/check/", asking_api.OfferCheckView.as_view(), name="api-offer-check"),
]
