"""Pages of plans and prices."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from estimates.catalogue import origins_of
from estimates.errors import PricingError
from estimates.models import BudgetReport
from estimates.selectors import load_plan, newest_reports
from estimates.services.budgets import has_changed_since, problem_of, request_report
from estimates.web.forms import RequestReportForm
from estimates.web.presenting import present_headline, present_package, present_row, present_scenario
from labeling.models import Project, Verb, may
from labeling.services import jobs
from labeling.web.requests import project_where, require, signed_in
from labeling.web.work import has_only_work, work_page


@login_required
@require_safe
def portfolio_view(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if has_only_work(user):
        return work_page(request)
    visible = Project.objects.where_may(user, Verb.SEE_MONEY)
    projects = visible.select_related("budget").prefetch_related("packages")
    newest = newest_reports(projects)
    rows = [
        {
            "project": project,
            "packages_count": len(project.packages.all()),
            "report": newest.get(project.pk),
            "headline": present_headline(newest.get(project.pk)),
        }
        for project in projects
    ]
    worked_on = Project.objects.visible_to(user).exclude(pk__in=visible).active()
    return render(request, "estimates/portfolio.html", {"projects": rows, "worked_on": worked_on})


def project_page(
    request: HttpRequest, project: Project, form: RequestReportForm, status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    plan = load_plan(project)
    reports = BudgetReport.objects.filter(project=project).select_related("asked_by").defer("inputs")
    latest = reports.filter(state=BudgetReport.State.DONE).first()
    latest_holds = latest is not None and not has_changed_since(plan, latest)
    problem = problem_of(plan)
    context: dict[str, Any] = {
        "project": project,
        "origins": origins_of(project),
        "budget": plan.budget,
        "packages": [present_package(package) for package in plan.packages],
        "scenarios": [
            present_scenario(scenario, latest.result if latest and latest_holds else None)
            for scenario in plan.scenarios
        ],
        "latest_report": latest,
        "stale_report": None if latest_holds else latest,
        "reports": reports.defer("inputs", "result")[:10],
        "form": form,
        "request_report_url": reverse("estimates:request-report", args=[project.slug]),
        "problem": problem,
        "can_price": problem is None,
        "may_price": may(user, Verb.PRICE, project),
        "may_manage_people": may(user, Verb.MANAGE_PEOPLE, project),
    }
    return render(request, "estimates/project_detail.html", context, status=status)


@login_required
@require_safe
def project_detail_view(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_where(signed_in(request), Verb.SEE_MONEY, slug)
    return project_page(request, project, RequestReportForm(initial={"client_key": uuid.uuid4()}))


@login_required
@require_POST
def request_report_view(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    project = project_where(user, Verb.PRICE, slug)
    form = RequestReportForm(request.POST)
    if form.is_valid():
        try:
            return redirect(
                request_report(project=project, asked_by=user, now=timezone.now(), **form.cleaned_data)
            )
        except PricingError as error:
            form.add_error(None, str(error))
    return project_page(request, project, form, status=422)


def visible_report(request: HttpRequest, pk: int) -> BudgetReport:
    reports = BudgetReport.objects.visible_to(signed_in(request)).select_related("project", "asked_by")
    return get_object_or_404(reports, pk=pk)


@never_cache
@login_required
@require_safe
def report_detail_view(request: HttpRequest, pk: int) -> HttpResponse:
    report = visible_report(request, pk)
    document = report.result
    context: dict[str, Any] = {
        "report": report,
        "project": report.project,
        "document": document,
        "status_url": reverse("estimates:report-status", args=[pk]),
        "retry_url": reverse("estimates:retry-report", args=[pk]),
        "may_price": may(signed_in(request), Verb.PRICE, report),
    }
    if document is not None:
        context["inputs_changed"] = has_changed_since(load_plan(report.project), report)
        context["origins"] = origins_of(report.project)
        context["assumptions"] = [present_row(row) for row in document["assumptions"]]
    return render(request, "estimates/report_detail.html", context)


@never_cache
@login_required
@require_safe
def report_status_view(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress fragment; once the report has ended, the page loads itself anew."""
    report = visible_report(request, pk)
    if report.has_ended:
        return HttpResponseClientRefresh()
    context = {"report": report, "status_url": reverse("estimates:report-status", args=[pk])}
    return render(request, "estimates/_report_progress.html", context)


@login_required
@require_POST
def retry_report_view(request: HttpRequest, pk: int) -> HttpResponse:
    report = visible_report(request, pk)
    require(signed_in(request), Verb.PRICE, report)
    with transaction.atomic():
        jobs.retry(report, now=timezone.now())
    return redirect(report)
