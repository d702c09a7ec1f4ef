"""Pages of those who label: what is theirs to do, and by which instructions. No prices."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from labeling.models import Project, User, Verb, may
from labeling.web.requests import project_where, signed_in


def has_only_work(user: User) -> bool:
    """Whether plans and prices are none of this person's business: the portfolio has nothing for them."""
    return not (user.is_staff or user.may_start_projects or user.can_somewhere(Verb.SEE_PLAN))


def work_page(request: HttpRequest) -> HttpResponse:
    """What somebody without plans and prices sees first: guidelines, or that there is nothing."""
    user = signed_in(request)
    projects = Project.objects.visible_to(user).active()
    if user.vendor is not None:
        summary = f"You speak for {user.vendor}."
        reason = "When you are asked for a quote, you will find the request here and get a mail."
    elif projects:
        summary = (
            "Read the guidelines of a project before you start. There is nothing to label at the moment."
        )
        reason = ""
    else:
        summary = "You are signed in, and on no project yet."
        reason = "The person who invited you, or an administrator, can put you on one."
    context = {"projects": projects, "summary": summary, "reason": reason}
    return render(request, "labeling/nothing_to_see.html", context)


@login_required
@require_safe
def guidelines_view(request: HttpRequest, slug: str) -> HttpResponse:
    """The instructions of a project, for everybody on it."""
    user = signed_in(request)
    project = project_where(user, Verb.SEE, slug)
    context = {
        "project": project,
        "guideline": project.guidelines.first(),
        "sees_plan": may(user, Verb.SEE_PLAN, project),
    }
    return render(request, "labeling/guidelines.html", context)
