from django.urls import path

from customers.notes import views

urlpatterns = [
    path("<int:pk>/notes/", views.written, name="customer_notes"),
    path("<int:pk>/notes/add/", views.add_note, name="customer_note_add"),
    path("<int:pk>/notes/<int:note>/remove/", views.remove_note, name="customer_note_remove"),
    path("<int:pk>/tags/add/", views.add_tag, name="customer_tag_add"),
    path("<int:pk>/tags/<int:tag>/remove/", views.remove_tag, name="customer_tag_remove"),
]
