"""A Redis cache that may be away: then it remembers nothing, and nobody is refused for it.

It holds counts of throttles and what can be made again; a site must not stand still without it.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache

log = logging.getLogger(__name__)


def _patient(name: str, missing: Callable[[tuple[Any, ...], dict[str, Any]], Any]) -> Any:
    """The method of this name, with an answer of its own where Redis does not answer."""

    def method(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        from redis.exceptions import RedisError

        try:
            return getattr(super(PatientRedisCache, self), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("the cache is away: %s", type(error).__name__)
            return missing(args, kwargs)

    return method


def _default(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[1] if len(args) > 1 else kwargs.get("default")


class PatientRedisCache(RedisCache):
    """Reads find nothing and writes are lost while Redis is away."""

    get = _patient("get", _default)
    get_many = _patient("get_many", lambda args, kwargs: {})
    has_key = _patient("has_key", lambda args, kwargs: False)
    set = _patient("set", lambda args, kwargs: None)
    set_many = _patient("set_many", lambda args, kwargs: [])
    add = _patient("add", lambda args, kwargs: True)
    incr = _patient("incr", lambda args, kwargs: 1)
    touch = _patient("touch", lambda args, kwargs: False)
    delete = _patient("delete", lambda args, kwargs: False)
    delete_many = _patient("delete_many", lambda args, kwargs: None)
    clear = _patient("clear", lambda args, kwargs: False)
