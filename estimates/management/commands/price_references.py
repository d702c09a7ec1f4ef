"""Have a worker price the reference projects."""

import time
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from estimates.models import BudgetReport
from estimates.services.budgets import DEFAULT_DRAWS, current_report, request_report
from estimates.services.reference import reference_projects
from estimates.tables import totals_table
from labeling.services.people import ensure_administrator


class Command(BaseCommand):
    help = (
        "Have a worker price the reference projects and print their totals; reports that still hold are kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--timeout", type=float, default=120, help="seconds to wait for a worker (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        administrator = ensure_administrator()
        reports = [
            current_report(project, seed=0, draws=DEFAULT_DRAWS)
            or request_report(
                project=project,
                asked_by=administrator,
                seed=0,
                draws=DEFAULT_DRAWS,
                client_key=uuid.uuid4(),
                now=timezone.now(),
            )
            for project in reference_projects()
        ]
        deadline = time.monotonic() + options["timeout"]
        self.stdout.write(totals_table([self.result_of(report, deadline) for report in reports]))

    def result_of(self, report: BudgetReport, deadline: float) -> dict[str, Any]:
        """The result once it is there; CommandError when the report fails or no worker takes it in time."""
        while report.result is None:
            if time.monotonic() > deadline:
                raise CommandError(f"{report} is still {report.get_state_display()}: does a worker run?")
            time.sleep(0.1)
            report.refresh_from_db()
            if report.state == BudgetReport.State.FAILED:
                raise CommandError(f"{report} failed: {report.error}")
        result: dict[str, Any] = report.result
        return result
