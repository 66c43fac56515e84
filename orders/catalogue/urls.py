from django.urls import path

from orders.catalogue import checking, views
from orders.catalogue.legacy import views as legacy

urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("read/", views.catalogue_read, name="catalogue_read"),
    path("look-up/", checking.look_up, name="catalogue_look_up"),
    path("offers/", legacy.offers, name="offers"),
    path("offers/read/", legacy.offers_read, name="offers_read"),
    path("offers/<int:pk>/", legacy.offer, name="offer"),
    path("offers/<int:pk>/check/", legacy.offer_check, name="offer_check"),
    path("<int:pk>/", views.product, name="product"),
    path("<int:pk>/read/", views.product_read, name="product_read"),
    path("<int:pk>/skus/<int:sku>/", views.sku, name="product_sku"),
    path("<int:pk>/skus/<int:sku>/read/", views.sku_read, name="product_sku_read"),
    path("<int:pk>/skus/<int:sku>/stock/", checking.sku_stock, name="product_sku_stock"),
    path("<int:pk>/skus/<int:sku>/check/", checking.sku_check, name="product_sku_check"),
]
