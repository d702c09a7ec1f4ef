"""Print a link that signs a person in once."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from labeling.models import User
from labeling.services.people import ensure_administrator, sign_in_path


class Command(BaseCommand):
    help = "Print a link that signs a person in once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("email", nargs="?", help="whom the link signs in")
        who.add_argument(
            "--administrator", action="store_true", help="the first administrator, made if there is none yet"
        )
        parser.add_argument(
            "--base-url", default="http://127.0.0.1:8000", help="where the pages are (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECRET_KEY_IS_OWN:
            raise CommandError(
                "A link made here would not be believed by the running pages, whose key only they know: "
                "press Enter where `make run` runs, or set SECRET_KEY for both."
            )
        user = ensure_administrator() if options["administrator"] else self.person(options["email"])
        self.stdout.write(options["base_url"].rstrip("/") + sign_in_path(user))

    def person(self, email: str) -> User:
        user = User.objects.filter(email=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody active has the address {email}.")
        return user
