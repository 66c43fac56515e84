from django.urls import path

from orders.renewals import costing, views
from orders.views import batches

urlpatterns = [
    path("", views.due, name="renewals"),
    path("unchosen/", views.rolling, name="renewals_unchosen"),
    path("renewed/", views.renewed, name="renewals_renewed"),
    path("decisions/", views.decisions, name="renewal_decisions"),
    path("decisions/<int:pk>/file/", views.proof, name="renewal_proof"),
    path("calendar/", views.months, name="renewals_calendar"),
    path("what-if/", costing.of_book, name="renewals_what_if"),
    path("many/end-of-term/", batches.ending_term_end, name="renewals_term_end"),
    path(
        "unchosen/many/end-of-term/",
        batches.unchosen_term_end,
        name="renewals_unchosen_term_end",
    ),
    path("file/", batches.decided_file, name="renewals_file"),
    path("file/template/", batches.decided_template, name="renewals_file_template"),
]
