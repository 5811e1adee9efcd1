"""One line of log for a request whose Host header is none of ours: it is the caller's mistake, and one could flood the log."""

import logging


class OneLine(logging.Filter):
    """Takes the trace off Django's report and makes it a warning; the header itself stays, quoted."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = " ".join(record.getMessage().partition(" You may need")[0].split()), ()
        return True
