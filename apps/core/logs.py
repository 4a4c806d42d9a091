"""What of a log record is worth a line."""

import logging


class ShortRefusals(logging.Filter):
    """A refused or wrong address (status 4xx) is one line: a traceback of it tells nothing and fills the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return True
