from django.urls import path

from orders.renewals import api
from orders.renewals.mailing.api import WriteView

urlpatterns = [
    path("renewals/what-if/", api.BookWhatIfView.as_view(), name="api-renewals-what-if"),
    path(
        "subscriptions/<int:pk>/what-if/",
        api.SubscriptionWhatIfView.as_view(),
        name="api-subscription-what-if",
    ),
    path(
        "customers/<int:pk>/write-about-renewals/",
        WriteView.as_view(),
        name="api-customer-write-about-renewals",
    ),
    path(
        "customers/<int:pk>/what-if/",
        api.CustomerWhatIfView.as_view(),
        name="api-customer-what-if",
    ),
]
