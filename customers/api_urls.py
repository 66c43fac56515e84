from django.urls import path

from customers.domains.api import AddDomainView
from customers.history.api import HistoryView
from customers.notes import api as notes
from customers.spending import api

urlpatterns = [
    path("customers/<int:pk>/add-domain/", AddDomainView.as_view(), name="api-customer-add-domain"),
    path("customers/<int:pk>/spending/", api.SpendingView.as_view(), name="api-customer-spending"),
    path(
        "customers/<int:pk>/entitlements/<int:row>/artifacts/",
        api.ArtifactsView.as_view(),
        name="api-customer-entitlement-artifacts",
    ),
    path(
        "customers/<int:pk>/set-budget/",
        api.SetBudgetView.as_view(),
        name="api-customer-set-budget",
    ),
    path("customers/<int:pk>/notes/", notes.NotesView.as_view(), name="api-customer-notes"),
    path("customers/<int:pk>/add-note/", notes.AddNoteView.as_view(), name="api-customer-add-note"),
    path(
        "customers/<int:pk>/remove-note/",
        notes.RemoveNoteView.as_view(),
        name="api-customer-remove-note",
    ),
    path("customers/<int:pk>/add-tag/", notes.AddTagView.as_view(), name="api-customer-add-tag"),
    path(
        "customers/<int:pk>/remove-tag/",
        notes.RemoveTagView.as_view(),
        name="api-customer-remove-tag",
    ),
    path("customers/<int:pk>/history/", HistoryView.as_view(), name="api-customer-history"),
]
