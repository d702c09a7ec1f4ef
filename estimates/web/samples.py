"""Pages to count a sample of what will be labeled, and to take what it says over into a work package."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from estimates.services.effort import Asked, Effort, Proposal, propose, replaced, said, take_over
from estimates.services.samples import BadLines, Sample, count_sample, whole_or_sample
from estimates.web.sample_forms import SampleForm
from labeling.bounds import plain
from labeling.formats.counting import Spread
from labeling.formats.items import ColumnsUnknown
from labeling.formats.reading import LineProblem, Unreadable
from labeling.models import Assumption, EditConflict, Law, Project, Verb, WorkPackage
from labeling.models.package_inputs import PACKAGE_INPUTS
from labeling.models.projects import EffortKind
from labeling.services.changes import change_since
from labeling.task_types import TaskType
from labeling.web.entries import FILL, form_view, posted_once
from labeling.web.package_forms import PackageEntry
from labeling.web.packages import editable_project, package_context, plan_address
from labeling.web.requests import signed_in
from wording import listed

# Counts travel with the page that shows them, signed: nothing of a sample is stored.
SALT = "estimates.sample"
# The button that opens the work package's own form with the proposals typed in.
GO_ON = "go_on"
GO_ON_WORDS = "Go on in the form"
LASTS_SECONDS = 24 * 3600
SPREADS = {
    "prompt_words": "Words of a prompt",
    "response_words": "Words of a response",
    "step_words": "Words of a step",
    "responses": "Responses to an item",
    "steps": "Steps of a solution",
}
PLOT_HEIGHT = 36
MOST_PROBLEMS_SHOWN = 20


@form_view
def package_sample_view(request: HttpRequest, slug: str, package_slug: str) -> HttpResponse:
    """A sample for a work package there is."""
    project = editable_project(request, slug, Verb.EDIT_PLAN)
    return answer(request, project, get_object_or_404(project.packages.all(), slug=package_slug))


@form_view
def new_package_sample_view(request: HttpRequest, slug: str) -> HttpResponse:
    """A sample for a work package that is to be made of it."""
    return answer(request, editable_project(request, slug, Verb.EDIT_PLAN), None)


def answer(request: HttpRequest, project: Project, package: WorkPackage | None) -> HttpResponse:
    if request.method != "POST":
        return ask(request, project, package, SampleForm(package=package), status=200)
    if "counted" in request.POST:
        return answer_choice(request, project, package)
    form = SampleForm(request.POST, request.FILES, package=package)
    if not form.is_valid():
        return ask(request, project, package, form)
    file, name = form.content
    keep = form.cleaned_data["keep_good_lines"]
    try:
        sample = count_sample(file, name=name, columns=form.columns, keep_good_lines=keep)
    except Unreadable as error:
        form.add_error("file" if form.cleaned_data.get("file") else "pasted", str(error))
    except ColumnsUnknown as error:
        return ask(
            request,
            project,
            package,
            with_columns(form, error),
            general=str(error),
            again=bool(request.FILES),
        )
    except BadLines as error:
        form.add_error("keep_good_lines", str(error))
        return ask(request, project, package, form, bad_lines=error.problems, bad=error.bad)
    else:
        return show(request, project, package, sample, form.asked)
    return ask(request, project, package, form)


def with_columns(form: SampleForm, unknown: ColumnsUnknown) -> SampleForm:
    """The form once more, with what was entered, asking for the columns too."""
    again = SampleForm(package=form.package, unknown=unknown)
    for name in ("task_type", "pasted", "text", "widening", "keep_good_lines"):
        if name in form.cleaned_data:
            again.initial[name] = form.cleaned_data[name]
    return again


def context_of(project: Project, package: WorkPackage | None) -> dict[str, Any]:
    heading = f"Effort of {package} from a sample" if package is not None else "A work package from a sample"
    return package_context(project, heading) | {"project": project, "package": package}


def ask(
    request: HttpRequest,
    project: Project,
    package: WorkPackage | None,
    form: SampleForm,
    *,
    status: int = 422,
    bad_lines: Iterable[LineProblem] = (),
    bad: int = 0,
    **more: Any,
) -> HttpResponse:
    shown = list(bad_lines)[:MOST_PROBLEMS_SHOWN]
    context = context_of(project, package) | {
        "form": form,
        "bad_lines": shown,
        "more_bad": bad - len(shown),
        **more,
    }
    return render(request, "estimates/sample.html", context, status=status)


# --- What was counted ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """A proposal beside what stands in the work package."""

    proposal: Proposal
    value: str
    stands: str
    chosen: bool


def value_words(one: Proposal | Assumption) -> str:
    """A law in a few words: "81.6 to 127.5, point 102"."""
    if one.low is not None and one.high is not None:
        return f"{plain(one.low)} to {plain(one.high)}, point {plain(one.point)}"
    return plain(one.point)


def stored_words(row: Assumption) -> str:
    """As `value_words`, with the law where it is none of those that are proposed."""
    usual = row.law == Law.NUMBER or (row.law == Law.RANGE and row.coverage is None)
    return value_words(row) if usual else f"{value_words(row)} ({row.get_law_display()})"


def bars_of(spread: Spread) -> list[dict[str, str]]:
    """The histogram as rectangles, in shares of the picture's width."""
    tallest = max(spread.bars) or 1
    width = 100 / len(spread.bars)
    return [
        {
            "x": f"{place * width:.2f}%",
            "width": f"{width * 0.9:.2f}%",
            "y": f"{PLOT_HEIGHT * (1 - count / tallest):.1f}",
            "height": f"{PLOT_HEIGHT * count / tallest:.1f}",
        }
        for place, count in enumerate(spread.bars)
    ]


def counted_rows(sample: Sample) -> list[dict[str, Any]]:
    rows = []
    for name, label in SPREADS.items():
        spread: Spread | None = getattr(sample.counts, name)
        if spread is not None:
            figures = {part: said(getattr(spread, part)) for part in ("mean", "median", "p5", "p95", "top")}
            rows.append({"label": label, "of": spread.count, "bars": bars_of(spread), **figures})
    return rows


def show(
    request: HttpRequest,
    project: Project,
    package: WorkPackage | None,
    sample: Sample,
    asked: Asked,
    *,
    chosen: set[str] | None = None,
    general: str = "",
    status: int = 200,
) -> HttpResponse:
    effort = propose(sample, asked)
    stored = {row.name: row for row in package.assumptions.all()} if package is not None else {}
    offered = [
        Offered(
            proposal=one,
            value=value_words(one),
            stands=stored_words(stored[one.name]) if one.name in stored else "",
            chosen=chosen is None or one.name in chosen,
        )
        for one in effort.proposals
    ]
    gone = [stored[name] for name in replaced([one.name for one in effort.proposals], stored)]
    context = context_of(project, package) | {
        "sample": sample,
        "whole": whole_or_sample(sample),
        "rows": counted_rows(sample),
        "offered": offered,
        "effort": effort,
        "minutes": None
        if effort.minutes is None
        else {name: said(getattr(effort.minutes, name)) for name in ("point", "low", "high")},
        "gone": [(str(row.spec.label), stored_words(row)) for row in gone],
        "task": TaskType(asked.task_type).label,
        "counted": sealed(project, package, sample, asked),
        "go_on": GO_ON_WORDS,
        "in_hours": package is not None and package.effort_kind == EffortKind.HOURS,
        "general": general,
        "bad_lines": sample.counts.problems[:MOST_PROBLEMS_SHOWN],
        "more_bad": sample.counts.bad_lines - min(len(sample.counts.problems), MOST_PROBLEMS_SHOWN),
    }
    return render(request, "estimates/sample_result.html", context, status=status)


def sealed(project: Project, package: WorkPackage | None, sample: Sample, asked: Asked) -> str:
    """The counts as they travel with the page, for this work package alone."""
    document = {
        "project": project.pk,
        "package": package.pk if package is not None else None,
        "sample": sample.as_json(),
        "asked": {"task_type": asked.task_type, "widening": str(asked.widening), "text": asked.text},
    }
    return signing.dumps(document, salt=SALT, compress=True)


def opened(text: str, project: Project, package: WorkPackage | None) -> tuple[Sample, Asked] | None:
    """The counts of a page that this program made, not long ago and for this work package; else None."""
    try:
        document = signing.loads(text, salt=SALT, max_age=LASTS_SECONDS)
    except (signing.BadSignature, json.JSONDecodeError):
        return None
    owner = (project.pk, package.pk if package is not None else None)
    if (document["project"], document["package"]) != owner:
        return None
    asked = Asked(
        task_type=document["asked"]["task_type"],
        widening=Decimal(document["asked"]["widening"]),
        text=document["asked"]["text"],
        settings=package.settings if package is not None else None,
    )
    if package is not None and package.task_type != asked.task_type:
        return None
    return Sample.from_json(document["sample"]), asked


# --- What is taken over ----------------------------------------------------------------------------


def answer_choice(request: HttpRequest, project: Project, package: WorkPackage | None) -> HttpResponse:
    found = opened(request.POST["counted"], project, package)
    if found is None:
        words = "What was counted does not hold any more: count the sample once more."
        return ask(request, project, package, SampleForm(package=package), general=words)
    sample, asked = found
    effort = propose(sample, asked)
    taken = set(request.POST.getlist("take"))
    chosen = [one for one in effort.proposals if one.name in taken]
    if not chosen:
        words = "Nothing was chosen: tick what is to be taken over."
        return show(request, project, package, sample, asked, chosen=taken, general=words, status=422)
    if package is None:
        return fill_in(request, project, None, asked, effort, chosen)
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        words = "This page does not say which version it shows. Count the sample once more."
        return show(request, project, package, sample, asked, chosen=taken, general=words, status=422)

    if GO_ON in request.POST:
        return fill_in(request, project, package, asked, effort, chosen)

    def write() -> str:
        take_over(project=project, package=package, expected_version=int(version), proposals=chosen)
        return plan_address(project)

    try:
        return posted_once(request, write)
    except EditConflict:
        fresh = get_object_or_404(project.packages.all(), pk=package.pk)
        words = (
            f"{change_since(fresh, int(version))} Nothing was saved. What stands now is beside each "
            "proposal; taking them over again puts them over it."
        )
        return show(request, project, fresh, sample, asked, chosen=taken, general=words, status=409)
    except ValidationError as error:
        words = f"{' '.join(error.messages)} Nothing was saved."
        if getattr(error, "code", None) != "archived":
            words += f" To enter what else is needed, choose “{GO_ON_WORDS}”."
        return show(request, project, package, sample, asked, chosen=taken, general=words, status=422)


def fill_in(
    request: HttpRequest,
    project: Project,
    package: WorkPackage | None,
    asked: Asked,
    effort: Effort,
    chosen: list[Proposal],
) -> HttpResponse:
    """The work package's own form with the proposals typed in: a person enters the rest and saves it."""
    user = signed_in(request)
    if package is None:
        data = QueryDict(mutable=True)
        data["task_type"], data["effort_kind"] = asked.task_type, EffortKind.ITEMS.value
        address = reverse("labeling:add-package", args=[project.slug])
        text = "What was counted is filled in. Give the work package a name, its settings and volume."
    else:
        data = PackageEntry(user=user, package=package).as_typed()
        data["version"] = request.POST["version"]
        for name in replaced(
            [one.name for one in chosen], package.assumptions.values_list("name", flat=True)
        ):
            data[f"{name}-law"] = ""
        address = reverse("labeling:edit-package", args=[project.slug, package.slug])
        text = "What was chosen is filled in, and saved when you save this form."
    data[FILL] = "sample"
    for one in chosen:
        texts = {
            "law": one.law.value,
            "point": plain(one.point),
            "low": "" if one.low is None else plain(one.low),
            "high": "" if one.high is None else plain(one.high),
            "source": one.source,
            "source_url": one.source_url,
            "evidence": one.evidence.value,
        }
        for cell, value in texts.items():
            data[f"{one.name}-{cell}"] = value
    entry = PackageEntry(user=user, package=package, data=data)
    entry.keep_quiet()
    left = [PACKAGE_INPUTS[one.name].label for one in effort.missing]
    if left:
        text += f" The sample does not say: {listed(left).lower()}."
    heading = package.name if package is not None else "New work package"
    context = package_context(project, heading) | {"action": address, "entry": entry, "text": text}
    return render(request, "entry.html", context)
