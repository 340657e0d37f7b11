"""Registries of functions that rooms further right bring along, marked by a decorator.

A room to the left cannot import them. It asks a registry, which first loads the module of one name
from every app, as Django finds an app's `admin`.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.utils.module_loading import autodiscover_modules

Function = TypeVar("Function", bound=Callable[..., Any])


class Registry(Generic[Function]):
    """A decorator that leaves the function as it is, and knows all that it marked."""

    def __init__(self, module: str) -> None:
        self.module = module
        self._functions: dict[str, Function] = {}

    def __call__(self, function: Function) -> Function:
        self._functions[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    def all(self) -> list[Function]:
        """In the order of the apps, which is the line of rooms from the left."""
        autodiscover_modules(self.module)
        return [
            function
            for app in settings.INSTALLED_APPS
            for name, function in self._functions.items()
            if name.startswith(f"{app}.")
        ]


start_step: Registry[Callable[[], None]] = Registry("start")
"""What every start does after the tables stand: harmless and quick when repeated."""
warm_up_step: Registry[Callable[[], None]] = Registry("warming")
"""What the quick worker's process opens at its start, before somebody waits for it."""
demo_content: Registry[Callable[[], None]] = Registry("demo")
"""What fills an empty demo site: functions `install` of the rooms' `demo` modules."""
