"""Reads that span models."""

from labeling.models import Project, User, Verb
from labeling.rights import VERBS_OF_ROLE


def verbs_on(user: User, project: Project) -> frozenset[Verb]:
    """All that this person may do to a project: the answers of `may`, in one query."""
    if not user.is_active:
        return frozenset()
    if user.is_staff:
        return frozenset(Verb)
    role = project.role_of(user)
    return VERBS_OF_ROLE[role] if role is not None else frozenset()
