"""Why a webhook is refused: codes that stay, for the row, the log and the page."""

UNSIGNED = "unsigned"
ALGORITHM = "algorithm"
FOREIGN_HOST = "foreign_host"
UNREADABLE = "unreadable"
TOO_LARGE = "too_large"
CERTIFICATE = "certificate"
UNREACHABLE = "unreachable"
EXPIRED = "expired"
CHAIN = "chain"
ORGANISATION = "organisation"
SIGNATURE = "signature"


class RefusedError(Exception):
    """The webhook is not Partner Center's, as far as can be told. ``reason`` is one of the codes."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LaterError(Exception):
    """It could not be checked now: the certificate's host did not answer."""
