from django.urls import path

from orders.scheduling import api

urlpatterns = [
    path("<int:pk>/schedule/", api.ScheduleView.as_view(), name="api-subscription-schedule"),
    path(
        "<int:pk>/cancel-schedule/",
        api.CancelScheduleView.as_view(),
        name="api-subscription-cancel-schedule",
    ),
    path("<int:pk>/change-term/", api.TermView.as_view(), name="api-subscription-change-term"),
    path(
        "<int:pk>/change-billing/", api.CycleView.as_view(), name="api-subscription-change-billing"
    ),
    path("<int:pk>/cancel/", api.CancelView.as_view(), name="api-subscription-cancel"),
]
