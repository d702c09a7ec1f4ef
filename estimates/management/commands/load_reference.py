"""Load the reference projects and the reference catalogue."""

from typing import Any

from django.core.management.base import BaseCommand

from estimates.services.reference import load_reference


class Command(BaseCommand):
    help = (
        "Load the reference projects and the catalogue of published figures. Safe to repeat: a project that "
        "is there already is left as it is, and the catalogue is brought to what is shipped."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for line in load_reference():
            self.stdout.write(line)
