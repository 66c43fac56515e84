"""What the API's description says of every address: the two ways of signing in, and how it says no."""

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


def refusals(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Tell of the refusals that any address may answer with, where its view does not tell of them itself."""
    for path, methods in result["paths"].items():
        for operation in methods.values():
            codes = ["401", "403"]
            codes += ["404"] if "{" in path else []
            asked = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
            codes += ["400"] if asked or "requestBody" in operation else []
            for code in codes:
                operation["responses"].setdefault(code, _REFUSED)
    return result


_REFUSED = {
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
    "description": "",
}
