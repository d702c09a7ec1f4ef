from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import QueryDict

from labeling.bounds import SHARE_ABOVE_ZERO
from labeling.models.assumptions import InputSpec
from labeling.web.assumption_rows import Suggestion
from labeling.web.assumption_set import AssumptionSet, Group, Layout
from labeling.web.entries import Section

INPUTS = {
    "minutes": InputSpec("Minutes", "minutes"),
    "yield_share": InputSpec("Yield", "share", SHARE_ABOVE_ZERO),
    "wage": InputSpec("Wage", "{currency} per hour"),
    "steps": InputSpec("Steps", "steps"),
}
LAYOUT = Layout(
    groups=[Group("Size", ["minutes", "yield_share"])],
    suggestions=[Suggestion("minutes", "Use 8–25", "range", {"low": "8", "high": "25"}, "A default")],
    kinds={"steps": ("step-labels",)},
)
COMMON = {"all-source": "A workshop", "all-evidence": "assumption"}


def rows(**typed):
    """The rows of a form in which this was typed."""
    data = QueryDict(mutable=True)
    for name, value in {
        **COMMON,
        **{name.replace("__", "-"): value for name, value in typed.items()},
    }.items():
        data[name] = value
    return AssumptionSet(inputs=INPUTS, layout=LAYOUT, unit_of=lambda spec: spec.unit, data=data)


def one(**typed):
    form = rows(**typed)
    assert form.is_valid(), list(form.problems())
    (row,) = form.rows_to_store
    return row


def complaints(**typed):
    form = rows(**typed)
    assert not form.is_valid()
    return {problem.target: problem.text for problem in form.problems()}


def test_a_row_that_states_nothing_is_no_assumption():
    form = rows(minutes__low="8", minutes__high="25")
    assert form.is_valid()
    assert form.rows_to_store == []


def test_only_the_numbers_of_the_chosen_law_are_read():
    row = one(
        minutes__law="range", minutes__low="4", minutes__high="9", minutes__mode="nonsense", minutes__mean="7"
    )
    assert (row["low"], row["high"], row["mode"], row["mean"]) == (Decimal(4), Decimal(9), None, None)


def test_the_point_is_the_law_s_own_where_it_is_left_empty():
    assert one(minutes__law="range", minutes__low="4", minutes__high="9")["point"] == 6
    assert one(minutes__law="pert", minutes__low="1", minutes__mode="3", minutes__high="9")["point"] == 3
    assert one(minutes__law="range", minutes__low="4", minutes__high="9", minutes__point="7")["point"] == 7


def test_a_share_is_typed_as_a_percentage_and_its_weight_is_not():
    row = one(yield_share__law="beta", yield_share__mean="80", yield_share__weight="40")
    assert (row["mean"], row["weight"], row["point"]) == (Decimal("0.8"), Decimal(40), Decimal("0.8"))


def test_the_source_said_for_all_goes_with_the_rows_that_name_none():
    row = one(minutes__law="number", minutes__point="5")
    assert (row["source"], row["evidence"]) == ("A workshop", "assumption")
    row = one(minutes__law="number", minutes__point="5", minutes__source="A paper", minutes__evidence="read")
    assert (row["source"], row["evidence"]) == ("A paper", "read")


def test_without_any_source_the_page_asks_for_one():
    form = rows(**{"minutes__law": "number", "minutes__point": "5", "all-source": ""})
    assert not form.is_valid()
    assert [problem.target for problem in form.problems()] == ["all-source"]


@pytest.mark.parametrize(
    ("typed", "target", "words"),
    [
        ({"law": "range", "low": "9", "high": "4"}, "high", "High must be above low"),
        ({"law": "range", "low": "0", "high": "4"}, "low", "must be above 0"),
        ({"law": "range", "low": "4"}, "high", "Give this number"),
        ({"law": "number"}, "point", "Give this number"),
        ({"law": "pert", "low": "1", "mode": "9", "high": "4"}, "mode", "between low and high"),
        (
            {"law": "triangular", "low": "1", "mode": "2", "high": "4", "point": "5"},
            "point",
            "between low and high",
        ),
        ({"law": "number", "point": "1,000"}, "point", "comma"),
        ({"law": "number", "point": "-1"}, "point", "must not be negative"),
        ({"law": "beta", "mean": "5", "weight": "2"}, "law", "Choose one of the laws"),
    ],
)
def test_what_is_wrong_is_said_at_the_number_it_is_wrong_with(typed, target, words):
    said = complaints(**{f"minutes__{name}": value for name, value in typed.items()})
    assert words in said[f"input-minutes-{target}"]


def test_a_share_is_never_more_than_all_and_has_no_open_range():
    assert (
        "at most 100 %"
        in complaints(yield_share__law="number", yield_share__point="101")["input-yield_share-point"]
    )
    assert "input-yield_share-law" in complaints(
        yield_share__law="range", yield_share__low="1", yield_share__high="2"
    )


def test_a_suggestion_is_filled_in_by_its_own_button_and_never_by_itself():
    assert rows().rows["minutes"].texts["law"] == ""
    filled = rows(fill="minutes:range:8:25").rows["minutes"].texts
    assert (filled["law"], filled["low"], filled["high"], filled["source"]) == (
        "range",
        "8",
        "25",
        "A default",
    )


def test_an_input_that_no_group_names_is_shown_all_the_same():
    sections = {section.title: [row.name for row in section.rows] for section in rows().sections}
    assert sections == {
        "Source of the numbers": [],
        "Size": ["minutes", "yield_share"],
        "More": ["wage", "steps"],
    }


def test_a_long_unit_stands_beside_the_label_and_a_short_one_in_the_field():
    shown = rows().rows
    assert (shown["minutes"].unit_inside, shown["minutes"].unit_beside) == ("min", "")
    assert (shown["yield_share"].unit_inside, shown["yield_share"].unit_beside) == ("%", "")
    assert (shown["wage"].unit_inside, shown["wage"].unit_beside) == ("", "{currency} per hour")


def test_a_row_for_one_kind_of_task_is_marked_so_that_others_hide_it():
    assert rows().rows["steps"].classes == "typed for-step-labels"
    assert rows().rows["minutes"].classes == ""


def test_a_folded_group_says_in_brief_what_it_holds():
    form = rows(
        minutes__law="range", minutes__low="8", minutes__high="25",
        yield_share__law="beta", yield_share__mean="74", yield_share__weight="150",
    )  # fmt: skip
    size = form.sections[1]
    assert size.in_brief == "Minutes 8–25 min · Yield 74\u00a0%"
    # Typed just now and not stored before: it stays in sight.
    assert size.is_open


def test_a_stored_group_is_folded_until_something_is_wrong_with_it():
    group = replace(rows(minutes__law="number", minutes__point="8").sections[1], was_typed=False)
    assert not group.is_open
    group.rows[0].say("point", "Give this number.")
    assert group.is_open


def test_so_many_inputs_are_named_and_the_rest_counted():
    form = rows(
        **{
            f"{name}__{part}": value
            for name in INPUTS
            for part, value in {"law": "number", "point": "1"}.items()
        }
    )
    assert Section("All", rows=list(form.rows.values())).in_brief.endswith(" · 1 more")
