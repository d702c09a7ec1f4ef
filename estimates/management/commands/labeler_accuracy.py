"""Find from a pilot's labels how often those who gave them err."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from estimates.errors import PricingError
from estimates.services.labeler_accuracy import LabelColumns, labeler_accuracy, read_judgements
from estimates.services.samples import shown_name
from estimates.tables import labeler_accuracy_text


class Command(BaseCommand):
    help = (
        "From a file of labels, several labelers to an item, how often each of them errs. Stores nothing; "
        "the error rate it finds goes on a rate card or a team."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = LabelColumns()
        parser.add_argument("file", help="JSONL, JSON or CSV in UTF-8, one judgement a record")
        parser.add_argument("--item", default=known.item, help="the column with the item (%(default)s)")
        parser.add_argument("--labeler", default=known.labeler, help="the column with who (%(default)s)")
        parser.add_argument("--label", default=known.label, help="the column with the label (%(default)s)")
        parser.add_argument("--json", action="store_true", help="print the whole result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        columns = LabelColumns(options["item"], options["labeler"], options["label"])
        try:
            with path.open("rb") as file:
                document = labeler_accuracy(read_judgements(file, columns))
        except OSError as error:
            raise CommandError(f"{shown_name(str(path))} cannot be read: {error.strerror}.") from None
        except PricingError as error:
            raise CommandError(f"{shown_name(path.name)}: {error}") from None
        if options["json"]:
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
        else:
            self.stdout.write(labeler_accuracy_text(document))
