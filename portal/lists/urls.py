from django.urls import path

from portal.lists.views import choices, exports

urlpatterns = [
    path("lists/columns/", choices.columns, name="list_columns"),
    path("lists/views/", choices.save_view, name="list_views"),
    path("lists/views/<slug:view>/", choices.view, name="list_view"),
    path("lists/selected/", choices.selected, name="list_selected"),
    path("account/exports/", exports.exports, name="exports"),
    path("account/exports/new/", exports.start, name="export_start"),
    path("account/exports/<int:pk>/", exports.status, name="export_status"),
    path("files/<uuid:pk>/", exports.stored_file, name="stored_file"),
]
