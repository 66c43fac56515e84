"""Routes of the middleware tests: each does one thing to see what becomes of it."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path
from django.utils import timezone, translation
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from customers.models import Customer
from portal.access.api import ScopedViewSet
from portal.access.entering import entered
from portal.access.guard import require, route
from portal.access.http import Request as PortalRequest
from portal.access.models import User
from portal.ui import shell


@route(effect="read", right="customers.view")
def unscoped(request: HttpRequest) -> HttpResponse:
    """A query that forgot its scope."""
    return HttpResponse(", ".join(Customer.objects.order_by("name").values_list("name", flat=True)))


@route(effect="read")
def writes_on_get(request: HttpRequest) -> HttpResponse:
    User.objects.filter(pk=request.user.pk).update(name="changed by a GET")
    return HttpResponse("done")


@route(effect="own")
def fails(request: HttpRequest) -> HttpResponse:
    User.objects.filter(pk=request.user.pk).update(name="half done")
    raise {"404": Http404, "403": PermissionDenied, "500": ZeroDivisionError}[request.POST["how"]]


@route(effect="own")
def answers_500(request: HttpRequest) -> HttpResponse:
    User.objects.filter(pk=request.user.pk).update(name="half done")
    return HttpResponse(status=500)


@route(effect="own")
def renames(request: HttpRequest) -> HttpResponse:
    User.objects.filter(pk=request.user.pk).update(name="done")
    return HttpResponse("done")


@route(effect="write", right="subscriptions.suspend")
def writes(request: PortalRequest, pk: int) -> HttpResponse:
    require(request.scope, "subscriptions.suspend", Customer.objects.get(pk=pk))
    return HttpResponse("done")


@route(effect="read")
def speaks(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()}")


@route(effect="evidence")
def streams(request: PortalRequest) -> StreamingHttpResponse:
    def rows() -> Iterator[str]:
        with transaction.atomic():
            shell.reenter(request)
            yield ", ".join(Customer.objects.order_by("name").values_list("name", flat=True))

    def all_rows() -> Iterator[str]:
        with entered(request.scope, read_only=True):
            yield ", ".join(Customer.objects.order_by("name").values_list("name", flat=True))

    return StreamingHttpResponse(all_rows() if "entered" in request.GET else rows())


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        fields = ["id", "name"]


class Customers(ScopedViewSet[Customer]):
    serializer_class = CustomerSerializer
    rights = {"list": "customers.view", "create": "subscriptions.suspend"}
    ordering = ("name", "pk")

    def get_queryset(self):
        return self.scope.filter(Customer.objects.all())

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def create(self, request: Request) -> Response:
        User.objects.filter(pk=request.user.pk).update(name="half done")
        if "fail" in request.data:
            raise exceptions.ValidationError("no")
        return Response({"done": True})

    def undeclared(self, request: Request) -> Response:
        return Response({"reached": True})


router = SimpleRouter()
router.register("customers", Customers, "customers")

urlpatterns = [
    path("unscoped/", unscoped),
    path("writes-on-get/", writes_on_get),
    path("fails/", fails),
    path("answers-500/", answers_500),
    path("renames/", renames),
    path("writes/<int:pk>/", writes),
    path("speaks/", speaks, name="home"),
    path("streams/", streams),
    path("api/undeclared/", Customers.as_view({"get": "undeclared"})),
    path("api/", include(router.urls)),
    path("", include("portal.access.urls")),
]


def _error(status: int):
    def handler(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        """An error page asks the database too: for the person, and for what they see."""
        seen = Customer.objects.count()
        return HttpResponse(f"{status} {request.user} {seen}", status=status)

    return handler


handler403, handler404, handler500 = _error(403), _error(404), _error(500)
