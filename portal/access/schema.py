"""How the API's description names the two ways of signing in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # its own
    """``Authorization: Token <token>``."""

    target_class = "portal.access.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, Any]:
        """An API token, made under Account."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word Token, a space, and an API token of the portal.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # its own
    """The browser's session."""

    target_class = "portal.access.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, Any]:
        """The cookie of a signed-in browser."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
