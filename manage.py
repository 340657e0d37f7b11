#!/usr/bin/env python
"""Django's command line for Heirloom."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Heirloom's packages are not installed: run `make run` first.") from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
