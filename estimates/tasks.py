"""What workers do for estimates: one id in, progress on the row."""

from celery import shared_task

from estimates.models import BudgetReport
from estimates.services.budgets import complete_report
from labeling.services.jobs import JobLost


@shared_task(name=BudgetReport.task_name, throws=(JobLost,))
def complete_report_task(report_id: int) -> None:
    """Complete one report. Delivered twice it stores one answer: seed and inputs are on the row."""
    complete_report(report_id=report_id)
