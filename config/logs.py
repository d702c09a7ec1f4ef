"""What is kept out of the logs."""

import logging
import re
from types import TracebackType

# Addresses whose last part lets somebody in, whoever has it.
SECRET_PATHS = re.compile(r"(/(?:sign-in|invitations|password/reset)/)[^/\s?]{8,}")
KEYS = re.compile(r"\bann_[A-Za-z0-9_-]{8,}")


def masked(text: str) -> str:
    """The text without what lets somebody in: one-time links and API keys."""
    return KEYS.sub("ann_…", SECRET_PATHS.sub(r"\1…", text))


class MaskSecrets(logging.Filter):
    """Takes live links and keys out of every line before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = masked(message)
        if clean != message:
            record.msg, record.args = clean, ()
        return True


class MaskingFormatter(logging.Formatter):
    """Tracebacks may quote an address too."""

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return masked(super().formatException(ei))
