from django.urls import path

from orders.bulk import views as batches
from orders.renewals import costing, views
from orders.renewals.mailing import views as mailing

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
    path("renewed/many/seats/", batches.renewed_quantity, name="renewals_renewed_quantity"),
    path("renewed/many/cancel/", batches.renewed_cancel, name="renewals_renewed_cancel"),
    path("many/write/", mailing.due, name="renewals_many_write"),
    path("unchosen/many/write/", mailing.unchosen, name="renewals_unchosen_write"),
    path("letters/", mailing.written, name="renewal_letters"),
    path("letters/<int:pk>/again/", mailing.again, name="renewal_letter_again"),
    path("file/", batches.decided_file, name="renewals_file"),
    path("file/template/", batches.decided_template, name="renewals_file_template"),
]
