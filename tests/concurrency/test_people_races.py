"""Two people at once: one invitation is taken once, and a project never loses both its owners."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from labeling.models import Membership, Project, Role, User
from labeling.services.invitations import InvitationVoid, accept_as, accept_as_newcomer, invite
from labeling.services.memberships import change_role, remove_member
from tests.factories import NOON, administrator, member, person
from tests.labeling.signing_in import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """What each call came to, all started at the same moment: its result, or the refusal it raised."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        except (InvitationVoid, ValidationError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def project():
    return Project.objects.create(slug="chat", name="Chat")


def link(project, email="paul@example.org"):
    by = User.objects.filter(is_staff=True).first() or administrator()
    return invite(email=email, invited_by=by, now=NOON, project=project, role=Role.PLANNER).secret


def test_of_many_who_follow_one_link_one_gets_an_account(project):
    secret = link(project)
    came = at_once(
        *[
            lambda: accept_as_newcomer(secret=secret, name="Paul", password=PASSWORD, now=NOON)
            for _ in range(6)
        ]
    )
    assert len([one for one in came if isinstance(one, User)]) == 1
    assert len([one for one in came if isinstance(one, InvitationVoid)]) == 5
    assert Membership.objects.count() == 1


def test_somebody_who_accepts_twice_at_once_has_one_role(project):
    secret, paul = link(project), person("paul@example.org")
    came = at_once(*[lambda: accept_as(secret=secret, user=paul, now=NOON) for _ in range(4)])
    assert len([one for one in came if isinstance(one, User)]) == 1
    assert Membership.objects.count() == 1


def test_two_links_of_one_newcomer_followed_at_once_make_one_account(project):
    other = Project.objects.create(slug="math", name="Math")
    secrets = [link(project), link(other)]
    came = at_once(
        *[
            lambda secret=secret: accept_as_newcomer(secret=secret, name="Paul", password=PASSWORD, now=NOON)
            for secret in secrets
        ]
    )
    assert sorted(type(one).__name__ for one in came) == ["User", "ValidationError"]
    assert User.objects.filter(email="paul@example.org").count() == 1


@pytest.mark.parametrize("way", ["remove", "step down"])
def test_two_owners_who_leave_at_once_leave_one_behind(project, way):
    held = [member(project, "owner", f"{name}@example.org").memberships.get() for name in ("olga", "otto")]

    def leave(one):
        if way == "remove":
            remove_member(membership=one)
        else:
            change_role(membership=one, role=Role.PLANNER)

    came = at_once(*[lambda one=one: leave(one) for one in held])
    assert len([one for one in came if isinstance(one, ValidationError)]) == 1
    assert Membership.objects.filter(role=Role.OWNER).count() == 1
