"""Who asked, when proxies stand before the portal."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


class ClientAddressMiddleware:
    """Puts the client's address where Django keeps the peer's, as TRUSTED_PROXIES proxies report it.

    Each trusted proxy appends the address it was called from, so the client's stands that many from the
    end; what a client wrote itself stands before and is never believed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trusted: int = settings.TRUSTED_PROXIES
        if trusted:
            told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if len(told) >= trusted and told[-trusted].strip():
                request.META["REMOTE_ADDR"] = told[-trusted].strip()
        return self.get_response(request)
