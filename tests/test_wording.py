import pytest

from labeling.models import Invitation, Project
from labeling.services.invitations import offer_of
from wording import listed


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Ada"], "Ada"),
        (["Ada", "Bo"], "Ada and Bo"),
        (["Ada", "Bo", "Cy"], "Ada, Bo and Cy"),
        (iter("abcd"), "a, b, c and d"),
    ],
)
def test_a_list_reads_like_a_sentence(names, said):
    assert listed(names) == said


def test_an_invitation_lists_what_it_offers():
    invitation = Invitation(
        project=Project(name="Chat"), role="planner", makes_administrator=True, may_start_projects=True
    )
    assert offer_of(invitation) == "as planner of Chat, as an administrator and to start projects"
