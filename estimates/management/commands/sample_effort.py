"""Count a sample of what will be labeled, and propose the effort of a work package."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from estimates.engine.errors import EngineError
from estimates.services.effort import (
    AUTO,
    DEFAULT_WIDENING,
    Asked,
    Effort,
    Proposal,
    propose,
    replaced,
    take_over,
)
from estimates.services.recorded_times import Recorded, recorded_minutes
from estimates.services.sample_documents import SPREADS, sample_document
from estimates.services.samples import BadLines, Sample, count_sample, shown_name, whole_or_sample
from labeling.bounds import plain
from labeling.formats.columns import Columns
from labeling.formats.items import ColumnsUnknown
from labeling.formats.reading import Unreadable
from labeling.models import Project, WorkPackage
from labeling.models.package_inputs import PACKAGE_INPUTS
from labeling.models.projects import EffortKind
from labeling.published_effort import published
from labeling.task_types import TaskType
from wording import listed


class Command(BaseCommand):
    help = "Count a sample of items (JSONL, JSON or CSV) and propose effort. Writes nothing without --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a file of items, JSONL, JSON or CSV, in UTF-8")
        parser.add_argument("--task-type", choices=TaskType.values, help="what a labeler does with an item")
        parser.add_argument(
            "--project", help="the project's short name, with --package in place of --task-type"
        )
        parser.add_argument("--package", help="the work package's short name")
        parser.add_argument(
            "--prompt", default="", help="the column with the prompt; a dot leads into objects"
        )
        parser.add_argument(
            "--response", action="append", default=[], help="a column with responses; repeatable"
        )
        parser.add_argument("--steps", default="", help="the column with the steps")
        parser.add_argument(
            "--widening",
            default=str(DEFAULT_WIDENING),
            help="factor by which the campaign may differ from the sample, 1 for a random draw (%(default)s)",
        )
        parser.add_argument(
            "--text",
            choices=[AUTO, *published()["reading_speed"]],
            default=AUTO,
            help="how fast the text is read (%(default)s)",
        )
        parser.add_argument(
            "--keep-good-lines", action="store_true", help="count the good lines where others cannot be read"
        )
        parser.add_argument("--json", action="store_true", help="print the whole result as JSON")
        parser.add_argument(
            "--apply", action="store_true", help="take all proposals over into the work package"
        )
        parser.add_argument(
            "--recorded", action="store_true", help="with --apply: take the recorded times in place of them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        package = self.package(options["project"], options["package"])
        if options["apply"] and package is None:
            raise CommandError("--apply needs --project and --package: say where the proposals go.")
        if package is None and not options["task_type"]:
            raise CommandError(
                "Say what a labeler does with an item: --task-type, or --project and --package."
            )
        if package is not None and options["task_type"] not in {None, package.task_type}:
            raise CommandError(f"{package} is of the task type {package.task_type}: leave --task-type out.")
        if package is not None and options["apply"] and package.effort_kind != EffortKind.ITEMS:
            raise CommandError(f"The effort of {package} is stated in plain hours; minutes go with items.")
        asked = Asked(
            task_type=package.task_type if package is not None else options["task_type"],
            widening=self.number(options["widening"]),
            text=options["text"],
            settings=package.settings if package is not None else None,
        )
        columns = Columns(options["prompt"], tuple(options["response"]), options["steps"])
        sample = self.sample(Path(options["file"]), columns, keep_good_lines=options["keep_good_lines"])
        try:
            effort = propose(sample, asked)
        except EngineError as error:
            raise CommandError(str(error)) from None
        recorded = recorded_minutes(sample, asked, effort)
        proposals = self.proposals(effort, recorded, takes_recorded=options["recorded"])
        if options["json"]:
            document = sample_document(sample, asked, effort)
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
        else:
            self.print_counts(sample)
            self.print_effort(effort)
            self.print_recorded(recorded)
        if package is not None and options["apply"]:
            self.apply(package, proposals, quiet=options["json"])

    def number(self, text: str) -> Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise CommandError(f"--widening: “{text[:20]}” is not a number.") from None
        if not number.is_finite():
            raise CommandError("--widening must be a finite number.")
        return number

    def package(self, project: str | None, package: str | None) -> WorkPackage | None:
        if not project and not package:
            return None
        if not project or not package:
            raise CommandError("Give --project and --package together.")
        found = (
            WorkPackage.objects.filter(project__slug=project, slug=package).select_related("project").first()
        )
        if found is None:
            if not Project.objects.filter(slug=project).exists():
                raise CommandError(f"There is no project “{project[:60]}”.")
            known = listed(WorkPackage.objects.filter(project__slug=project).values_list("slug", flat=True))
            raise CommandError(f"{project} has no work package “{package[:60]}”. Known: {known or 'none'}.")
        return found

    def sample(self, path: Path, columns: Columns, *, keep_good_lines: bool) -> Sample:
        try:
            with path.open("rb") as file:
                return count_sample(file, name=path.name, columns=columns, keep_good_lines=keep_good_lines)
        except OSError as error:
            raise CommandError(f"{shown_name(str(path))} cannot be read: {error.strerror}.") from None
        except Unreadable as error:
            raise CommandError(f"{path.name}: {error}") from None
        except ColumnsUnknown as error:
            raise CommandError(
                f"{path.name}: {error} Give --prompt, --response or --steps. Its columns: "
                f"{', '.join(map(ascii, error.names))}."
            ) from None
        except BadLines as error:
            told = [f"  line {one.line:,} {one.reason}" for one in error.problems[:10]]
            if error.bad > len(told):
                told.append(f"  and {error.bad - len(told):,} more")
            raise CommandError("\n".join([f"{error} --keep-good-lines does.", *told])) from None

    def print_counts(self, sample: Sample) -> None:
        counts = sample.counts
        self.stdout.write(f"{sample.name}: {sample.format_words}; {whole_or_sample(sample)} counted.")
        self.stdout.write(f"{'':16}{'of':>9}{'mean':>10}{'median':>10}{'P5':>10}{'P95':>10}")
        for name in SPREADS:
            spread = getattr(counts, name)
            if spread is not None:
                figures = "".join(
                    f"{one:>10,.1f}" for one in (spread.mean, spread.median, spread.p5, spread.p95)
                )
                self.stdout.write(f"{name.replace('_', ' '):16}{spread.count:>9,}{figures}")

    def print_effort(self, effort: Effort) -> None:
        self.stdout.write("")
        for one in effort.proposals:
            numbers = plain(one.point)
            if one.low is not None and one.high is not None:
                numbers += f" ({plain(one.low)} to {plain(one.high)})"
            self.stdout.write(f"{one.label}: {numbers} {one.unit}\n    {one.source}")
        for gap in effort.missing:
            self.stdout.write(f"{gap.label}: to be entered. {gap.reason}")
        for remark in effort.remarks:
            self.stdout.write(remark)
        if effort.minutes is not None:
            minutes = effort.minutes
            self.stdout.write(
                f"Minutes per judgement: {minutes.point:.2f} ({minutes.low:.2f} to {minutes.high:.2f})."
            )

    def proposals(
        self, effort: Effort, recorded: Recorded | None, *, takes_recorded: bool
    ) -> tuple[Proposal, ...]:
        """What is taken over with --apply."""
        if not takes_recorded:
            return effort.proposals
        if recorded is None:
            raise CommandError("--recorded: the sample has no recorded times.")
        if recorded.proposal is None:
            raise CommandError(f"--recorded: {' '.join(recorded.words)}")
        return (recorded.proposal,)

    def print_recorded(self, recorded: Recorded | None) -> None:
        if recorded is None:
            return
        times = recorded.times
        self.stdout.write(
            f"Recorded minutes of {times.count:,} judgements: mean {times.mean:.2f}, median "
            f"{times.median:.2f}, P10 {times.p10:.2f}, P90 {times.p90:.2f}."
        )
        for sentence in recorded.words:
            self.stdout.write(f"    {sentence}")
        one = recorded.proposal
        if one is not None and one.low is not None and one.high is not None:
            self.stdout.write(
                f"    As the input: {plain(one.point)} ({plain(one.low)} to {plain(one.high)}) {one.unit}."
            )

    def apply(self, package: WorkPackage, proposals: Sequence[Proposal], *, quiet: bool) -> None:
        stored = [row.name for row in package.assumptions.all()]
        gone = replaced([one.name for one in proposals], stored)
        try:
            take_over(
                project=package.project,
                package=package,
                expected_version=package.version,
                proposals=proposals,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if not quiet:
            words = f"Stored in {package}: {listed(one.label for one in proposals)}."
            if gone:
                words += f" Removed: {listed(PACKAGE_INPUTS[name].label for name in gone)}."
            self.stdout.write(words)
