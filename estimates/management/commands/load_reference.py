"""Load the reference projects."""

from typing import Any

from django.core.management.base import BaseCommand

from estimates.services.reference import load_reference


class Command(BaseCommand):
    help = "Load the reference projects. Safe to repeat: what is there already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in load_reference():
            self.stdout.write(line)
