#!/usr/bin/env python3
"""Run a management command of Annotally."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # The database holds prices: what a command creates is nobody else's to read.
    os.umask(0o077)
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "manage.py: Django is not installed for this Python. "
            "`make run` sets everything up; after it, use .venv/bin/python manage.py …"
        )
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
