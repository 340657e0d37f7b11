"""The web server's own lines (starts, stops, faults): no addresses, JSON where it is wanted."""

from typing import Any

from gunicorn.glogging import Logger

from config.web.log_privacy import RoutesOnly
from config.web.logging import JsonLine


class QuietLogger(Logger):
    """For gunicorn's --logger-class."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.addFilter(RoutesOnly())


class JsonLogger(QuietLogger):
    """The same as JSON lines."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLine())
