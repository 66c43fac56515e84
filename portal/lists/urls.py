from django.urls import path

from portal.lists.views import choices, exports, external, importing

urlpatterns = [
    path("lists/columns/", choices.columns, name="list_columns"),
    path("lists/views/", choices.save_view, name="list_views"),
    path("lists/views/<slug:view>/", choices.view, name="list_view"),
    path("lists/selected/", choices.selected, name="list_selected"),
    path("account/exports/", exports.exports, name="exports"),
    path("account/exports/new/", exports.start, name="export_start"),
    path("account/exports/<int:pk>/", exports.status, name="export_status"),
    path("files/<uuid:pk>/", exports.stored_file, name="stored_file"),
    path("external-ids/", external.external_ids, name="external_ids"),
    path("external-ids/import/", importing.load, name="external_ids_import"),
    path("external-ids/product/", external.product, name="external_id_product"),
    path("external-ids/table/", importing.table, name="external_ids_table"),
    path("external-ids/<int:pk>/", external.one, name="external_id"),
    path("external-ids/<int:pk>/remove/", external.remove, name="external_id_remove"),
    path(
        "external-ids/of/<slug:kind>/<int:object_id>/", external.of_object, name="external_ids_of"
    ),
]
