"""The bounds of the catalogue of inputs are the engine's: what a door takes can be priced, and the rest it refuses."""

from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from estimates.engine.assumptions import Assumption as EngineAssumption
from estimates.engine.assumptions import check_fields
from estimates.engine.effort import HoursEffort, WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.in_house import InHouseTeam as EngineTeam
from estimates.engine.items import ItemsEffort
from estimates.engine.laws import law_from
from estimates.engine.scenario import ScenarioInputs
from estimates.engine.staffing import Staffing
from estimates.engine.vendor import VendorOffer
from estimates.models import InHouseTeamAssumption, RateCardAssumption, ScenarioAssumption
from labeling.models import WorkPackageAssumption
from labeling.models.assumptions import bound_errors, point_error

ENGINE_BOUNDS = {
    WorkPackageAssumption: {
        **HoursEffort.BOUNDS,
        **ItemsEffort.BOUNDS,
        **Staffing.BOUNDS,
        **WorkPackageInputs.BOUNDS,
    },
    RateCardAssumption: VendorOffer.BOUNDS,
    InHouseTeamAssumption: EngineTeam.BOUNDS,
    ScenarioAssumption: ScenarioInputs.BOUNDS,
}
INPUTS = [(model, name) for model in ENGINE_BOUNDS for name in model.INPUTS]
STEP = D("1E-9")
LAW_NUMBERS = ("low", "mode", "high", "mean", "weight")


def ids(value):
    return value.__name__ if isinstance(value, type) else str(value)


def test_the_catalogue_has_the_inputs_of_the_engine_and_no_others():
    assert {model: set(model.INPUTS) for model in ENGINE_BOUNDS} == {
        model: set(bounds) for model, bounds in ENGINE_BOUNDS.items()
    }


@pytest.mark.parametrize(("model", "name"), INPUTS, ids=ids)
def test_an_input_has_the_bounds_of_the_engine(model, name):
    said, kept = model.INPUTS[name].bounds, ENGINE_BOUNDS[model][name]
    assert (said.least, said.most, said.least_is_out, said.most_is_out) == (
        kept.low,
        kept.high,
        kept.low_open,
        kept.high_open,
    )


def edges(bounds):
    """Points just inside and just outside: (point, whether it is inside, what is said of one outside)."""
    step = STEP
    first = bounds.least + step if bounds.least_is_out else bounds.least
    yield first, True, ""
    words = "must be above" if bounds.least_is_out else "must be at least"
    yield first - step, False, "must not be negative" if first == 0 else f"{words} {bounds.least}"
    if bounds.most is not None:
        last = bounds.most - step if bounds.most_is_out else bounds.most
        yield last, True, ""
        words = "must be below" if bounds.most_is_out else "must be at most"
        yield last + step, False, f"{words} {bounds.most}"


def refusal_of_the_engine(model, name, law, point):
    holder = SimpleNamespace(**{name: EngineAssumption("k", law, point)})
    try:
        check_fields("Owner", holder, {name: ENGINE_BOUNDS[model][name]})
    except EngineError as error:
        return str(error)
    return None


def refusal_of_the_door(model, name, **fields):
    row = model(**{"name": name, "key": "k", "law": "number", **fields})
    try:
        row.clean()
    except ValidationError as error:
        return error.message_dict
    return None


@pytest.mark.parametrize(("model", "name"), INPUTS, ids=ids)
def test_just_inside_is_priced_and_just_outside_refused_with_the_bound(model, name):
    spec = model.INPUTS[name]
    for point, is_inside, words in edges(spec.bounds):
        refused = refusal_of_the_door(model, name, point=point)
        priced = refusal_of_the_engine(model, name, law_from("number", point=point), point) is None
        assert priced == is_inside
        if is_inside:
            assert refused is None
        else:
            assert list(refused) == ["point"]
            assert refused["point"][0].startswith(f"{spec.label} {words}")


LAWS = [
    {"law": "range", "low": D("0.6"), "high": D("0.9")},
    {"law": "range", "low": D("1.5"), "high": D("3")},
    {"law": "range", "low": D("4"), "high": D("9")},
    {"law": "range", "low": D("30"), "high": D("45")},
    {"law": "range", "low": D("20"), "high": D("100")},
    {"law": "range", "low": D("100"), "high": D("167")},
    {"law": "range", "low": D("170"), "high": D("200")},
    {"law": "triangular", "low": D("0"), "mode": D("0.1"), "high": D("1")},
    {"law": "triangular", "low": D("0.2"), "mode": D("0.6"), "high": D("0.9")},
    {"law": "triangular", "low": D("0.5"), "mode": D("0.6"), "high": D("1")},
    {"law": "triangular", "low": D("0.5"), "mode": D("2"), "high": D("4")},
    {"law": "pert", "low": D("0"), "mode": D("0.5"), "high": D("1.2")},
    {"law": "pert", "low": D("1"), "mode": D("3"), "high": D("9")},
    {"law": "pert", "low": D("100"), "mode": D("150"), "high": D("168")},
    {"law": "pert", "low": D("100"), "mode": D("150"), "high": D("169")},
    {"law": "beta", "mean": D("0.85"), "weight": D("200")},
    {"law": "beta", "mean": D("0.6"), "weight": D("40")},
    {"law": "beta", "mean": D("0.5"), "weight": D("2")},
    {"law": "beta", "mean": D("0.02"), "weight": D("3")},
    {"law": "beta", "mean": D("0.001"), "weight": D("0.01")},
    {"law": "beta", "mean": D("0.999"), "weight": D("0.01")},
]


@pytest.mark.parametrize(("model", "name"), INPUTS, ids=ids)
def test_a_law_is_refused_at_the_door_if_and_only_if_the_engine_does_not_price_it(model, name):
    spec = model.INPUTS[name]
    for law in LAWS:
        if spec.is_share and law["law"] == "range":
            continue  # a share's range is refused by itself: its upper end is open
        kept = law_from(law["law"], **{part: law[part] for part in law if part != "law"})
        point = kept.default_point.quantize(STEP)
        spread_of = "campaign-mean" if spec.of_labels else ""
        refused = refusal_of_the_door(model, name, point=point, spread_of=spread_of, **law)
        assert (refused is None) == (refusal_of_the_engine(model, name, kept, point) is None), (law, refused)
        if refused is not None:
            assert all(said.startswith(spec.label) for messages in refused.values() for said in messages)


def test_a_tail_that_leaves_the_bounds_says_how_far_it_goes():
    said = refusal_of_the_door(
        WorkPackageAssumption, "hours_per_week", law="range", low=D(20), high=D(100), point=D(40)
    )
    assert list(said) == ["high"]
    assert said["high"][0] == (
        "Contracted hours per seat and week must be at most 168, but this law reaches 371.1: "
        "give three points, which end."
    )


POINTS = [
    ({"law": "range", "low": D(4), "high": D(9)}, ["4", "6", "9"], ["3.999999999", "9.000000001", "0", "60"]),
    ({"law": "triangular", "low": D(2), "mode": D(3), "high": D(4)}, ["2", "4"], ["1.999999999", "4.000000001"]),
    # The 0.1 % and 99.9 % quantiles of Beta(110.7, 39.3) are 0.618 and 0.839.
    ({"law": "beta", "mean": D("0.738"), "weight": D(150)}, ["0.62", "0.738", "0.83"], ["0.6", "0.85", "0"]),
    # So little is known that the mean is no likely value; it is the law's own point all the same.
    ({"law": "beta", "mean": D("0.0001"), "weight": D(1)}, ["0.0001"], ["0.5"]),
]  # fmt: skip


@pytest.mark.parametrize(("law", "fitting", "contradicting"), POINTS, ids=lambda part: str(part)[:40])
def test_a_point_lies_within_its_law(law, fitting, contradicting):
    numbers = {part: law.get(part) for part in LAW_NUMBERS}
    for point in fitting:
        assert point_error(law["law"], numbers, D(point)) is None
    for point in contradicting:
        assert "contradicts the law" in point_error(law["law"], numbers, D(point))
        said = refusal_of_the_door(WorkPackageAssumption, "label_accuracy", point=D(point), **law)
        assert "point" in said or law["law"] != "beta"


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["1E-400", "1E+400", "1E+18", "1E-12", "NaN", "Infinity", "-1"])
@pytest.mark.parametrize("law", ["range", "triangular", "pert", "beta"])
def test_numbers_that_nothing_can_be_made_of_are_no_fault_of_ours(law, number):
    fields = dict.fromkeys(LAW_NUMBERS, D(number))
    row = WorkPackageAssumption(name="overlap", law=law, point=D(number), **fields)
    with pytest.raises(ValidationError):
        row.full_clean()


def test_a_share_says_what_it_is_in_percent():
    spec = WorkPackageAssumption.INPUTS["gold_share"]
    assert refusal_of_the_door(WorkPackageAssumption, "gold_share", point=D(40)) == {
        "point": [f"{spec.label} must be below 1: 0.4 is 40 %."]
    }
    assert bound_errors(spec, "number", {}, D(1), subject="This") == {"point": "This must be below 1."}
