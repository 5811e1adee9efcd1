"""Structured logs: one JSON object a line, or coloured text for a person at a terminal (LOG_FORMAT=json|text)."""

import sys
from typing import Any

import structlog

from config.settings.environment import env

LOG_FORMAT = env.str("LOG_FORMAT", default="text" if sys.stderr.isatty() else "json")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
ACCESS_LOG = env.str("ACCESS_LOG", default="notable")

_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if LOG_FORMAT == "json"
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
            "foreign_pre_chain": _shared,
        }
    },
    "filters": {
        "one_line": {"()": "core.bad_hosts.OneLine"},
        "secret_paths": {"()": "core.requests.SecretPaths"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["secret_paths"], "level": "ERROR"},
        # A wrong Host header is the caller's mistake: one can flood a log with its traces.
        "django.security.DisallowedHost": {"filters": ["one_line"], "level": "WARNING"},
        "daphne": {"level": "WARNING"},
    },
}

structlog.configure(
    processors=[
        *_shared[:-1],
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
