"""What the pages ask of every request before they look at anything else."""

from django.http import Http404, HttpRequest

from labeling.models import Project, User, Verb, may
from labeling.rights import Guarded


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that `login_required` let through."""
    if not isinstance(request.user, User):
        raise TypeError("this view needs login_required")
    return request.user


def require(user: User, verb: Verb, thing: Guarded) -> None:
    """Http404 unless the person may: what they may not do does not exist for them."""
    if not may(user, verb, thing):
        raise Http404


def project_where(user: User, verb: Verb, slug: str) -> Project:
    """The project of that address, if the person may do `verb` to it; else Http404."""
    project = Project.objects.visible_to(user).filter(slug=slug).first()
    if project is None:
        raise Http404
    require(user, verb, project)
    return project
