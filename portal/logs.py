"""Logs: one event, one JSON line, whatever the value holds."""

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as Logged
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def json_formatter() -> ProcessorFormatter:
    """A logging formatter that writes each record, ours and the libraries', as one JSON line."""
    return ProcessorFormatter(
        foreign_pre_chain=[*_SHARED, structlog.stdlib.PositionalArgumentsFormatter()],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )


def configure() -> None:
    """Send structlog's own loggers through the standard library, so that one formatter sees all."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class RequestMiddleware(Logged):
    """One line a request, without its query: that may hold a consent's code or a name."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
