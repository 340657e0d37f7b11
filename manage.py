#!/usr/bin/env python
"""Django's command line for Heirloom."""

import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Heirloom's packages are not installed: run `make run` first.") from error
    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        if (sentence := broken_var(error)) is None:
            raise
        sys.stderr.write(f"{sentence}\n")
        raise SystemExit(2) from error


def broken_var(error: Exception) -> str | None:
    """A damaged database or a folder that cannot be used is a sentence, not a traceback."""
    from config.var_folder import trouble

    try:
        from config.env import VAR
    except Exception:  # the folder is what is broken
        VAR = Path(os.environ.get("HEIRLOOM_VAR") or Path(__file__).with_name("var"))
    return trouble(error, VAR.resolve())


if __name__ == "__main__":
    main()
