"""The web server's own lines (starts, stops, timeouts) as JSON, where LOG_FORMAT says so."""

from typing import Any

from gunicorn.glogging import Logger

from config.web.logging import JsonLine


class JsonLogger(Logger):  # type: ignore[misc]
    """For gunicorn's --logger-class."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLine())
