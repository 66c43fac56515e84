"""AADSTS refusals: the codes, what OAuth calls them, and their wording."""

from dataclasses import dataclass

from portal.emulator.model import JSON

# AADSTS code -> (OAuth error, HTTP status, wording). Statuses as the service answers them.
CODES: dict[int, tuple[str, int, str]] = {
    50011: ("invalid_request", 400, "The redirect URI in the request is not valid."),
    50173: ("invalid_grant", 400, "The provided grant has been revoked. Fresh consent is needed."),
    54005: ("invalid_grant", 400, "The authorization code was already redeemed."),
    65001: ("invalid_grant", 400, "The user or administrator has not consented to use it."),
    65004: ("access_denied", 400, "User declined to consent to access the app."),
    70000: ("invalid_grant", 400, "The provided authorization code is not valid."),
    70003: ("unsupported_grant_type", 400, "The app requested an unsupported grant type."),
    70008: ("invalid_grant", 400, "The provided authorization code has expired."),
    90002: ("invalid_request", 400, "Tenant '{name}' not found. Check the tenant id."),
    500011: ("invalid_resource", 400, "The resource principal named {name} was not found."),
    501481: ("invalid_grant", 400, "The code_verifier does not match the code_challenge."),
    500112: ("invalid_grant", 400, "The reply address is not the one of the authorization."),
    700016: (
        *("unauthorized_client", 400),
        "Application with identifier '{name}' was not found in the directory.",
    ),
    700082: ("invalid_grant", 400, "The refresh token has expired due to inactivity."),
    900144: ("invalid_request", 400, "The request must contain the parameter '{name}'."),
    7000215: ("invalid_client", 401, "Invalid client secret provided."),
    7000218: ("invalid_client", 401, "The request must contain a client secret or assertion."),
    9002313: ("invalid_grant", 400, "The request is malformed or invalid."),
}


@dataclass
class LoginRefused(Exception):  # noqa: N818 - an answer of the service
    code: int
    name: str = ""
    error: str = ""

    @property
    def status(self) -> int:
        return CODES[self.code][1]

    @property
    def oauth_error(self) -> str:
        return self.error or CODES[self.code][0]

    @property
    def sentence(self) -> str:
        return f"AADSTS{self.code}: {CODES[self.code][2].format(name=self.name)}"

    def description(self, *, trace_id: str, correlation_id: str, timestamp: str) -> str:
        """Return the sentence with the ids that support asks for, as the service writes it."""
        return (
            f"{self.sentence} Trace ID: {trace_id} Correlation ID: {correlation_id} "
            f"Timestamp: {timestamp}"
        )

    def body(self, *, trace_id: str, correlation_id: str, timestamp: str) -> JSON:
        """Return the JSON of a refused token request."""
        description = self.description(
            trace_id=trace_id, correlation_id=correlation_id, timestamp=timestamp
        )
        return {
            "error": self.oauth_error,
            "error_description": description,
            "error_codes": [self.code],
            "timestamp": timestamp,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
        }
