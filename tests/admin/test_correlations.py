"""Pairs of inputs that move together, on the project's page in the admin."""

from decimal import Decimal

import pytest

from estimates.models import Correlation, InHouseTeamAssumption
from labeling.models import Project
from tests.admin.filling import add_row, errors_of, form_of
from tests.factories import assumption, hours_project

pytestmark = pytest.mark.django_db

PAIR = {"key": "hours", "other": "wage", "rho": "0.5", "source": "A pilot", "evidence": "derived"}


@pytest.fixture
def page(db):
    project = hours_project(hours=assumption("hours", 1200, law="range", low=900, high=1600))
    InHouseTeamAssumption.objects.filter(name="wage").update(law="range", low=9, high=16, point=12)
    return f"/admin/labeling/project/{project.pk}/change/"


def with_pair(door, page, **changed):
    return add_row(form_of(door.get(page)), "correlations", **{**PAIR, **changed})


def test_a_pair_is_entered_inside_its_project(door, page):
    answer = door.post(page, with_pair(door, page))
    assert answer.status_code == 302, errors_of(answer)
    assert Correlation.objects.get().rho == Decimal("0.5")
    assert Project.objects.get().version == 2
    assert door.post(page, form_of(door.get(page))).status_code == 302
    assert Project.objects.get().version == 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"rho": "1.5"}, "A correlation lies between −1 and 1."),
        ({"rho": "NaN"}, "Write a number with a point"),
        ({"other": "hours"}, "nothing is correlated with itself"),
        ({"other": "burden"}, "Burden on the wage, Own team is a fixed number"),
        ({"key": "nobody"}, "No input of this project has the key nobody."),
        ({"source": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(door, page, changed, says):
    answer = door.post(page, with_pair(door, page, **changed))
    assert answer.status_code == 200
    assert says in errors_of(answer)
    assert not Correlation.objects.exists()


def test_a_pair_stated_twice_is_refused(door, page):
    form = with_pair(door, page)
    add_row(form, "correlations", **{**PAIR, "key": "wage", "other": "hours"})
    answer = door.post(page, form)
    assert "This pair is stated twice" in errors_of(answer)
    assert not Correlation.objects.exists()
