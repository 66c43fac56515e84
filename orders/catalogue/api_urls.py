from django.urls import path

from orders.catalogue import reading_api
from orders.catalogue.api import StockView

urlpatterns = [
    path("read-catalogue/", reading_api.CatalogueReadView.as_view(), name="api-read-catalogue"),
    path("look-up-product/", reading_api.LookUpView.as_view(), name="api-look-up-product"),
    path("products/<int:pk>/read/", reading_api.ProductReadView.as_view(), name="api-product-read"),
    path(
        "products/<int:pk>/check-inventory/",
        StockView.as_view(),
        name="api-product-check-inventory",
    ),
    path(
        "products/<int:pk>/skus/<int:sku>/read/",
        reading_api.SkuReadView.as_view(),
        name="api-product-sku-read",
    ),
    path(
        "products/<int:pk>/skus/<int:sku>/check/",
        reading_api.AvailabilityCheckView.as_view(),
        name="api-product-sku-check",
    ),
    path("offers/<int:pk>/check/", reading_api.OfferCheckView.as_view(), name="api-offer-check"),
]
