"""In which order a report's assumptions are read."""

import pytest

from estimates.web.spread import spread, widest_first


def assumed(name, law, **numbers):
    return {"name": name, "law": law, **numbers}


def test_a_report_s_assumptions_are_read_from_the_widest_to_the_fixed():
    rows = [
        assumed("fixed", "number", point="7"),
        # 90 to 110 around 100: 0.2 of its middle.
        assumed("narrow", "pert", low="90", mode="100", high="110"),
        # 25 to 400 around 100: 3.75.
        assumed("wide", "range", low="25", high="400"),
        # Nine in ten between 0.34 and 0.66 around 0.5: 0.65.
        assumed("share", "beta", mean="0.5", weight="24"),
        assumed("from nothing", "triangular", low="0", mode="0", high="3"),
    ]
    assert spread(rows[0]) == 0
    assert spread(rows[1]) == pytest.approx(0.2)
    assert spread(rows[2]) == pytest.approx(3.75)
    assert spread(rows[3]) == pytest.approx(0.658)
    read = widest_first(rows)
    assert [row["name"] for row in read["widest"]] == ["wide", "from nothing", "share", "narrow"]
    assert [row["name"] for row in read["fixed"]] == ["fixed"]
    assert read["narrower"] == []
    many = widest_first([assumed(str(end), "range", low="1", high=str(end)) for end in range(2, 13)])
    assert [row["name"] for row in many["widest"]] == [str(end) for end in range(12, 4, -1)]
    assert [row["name"] for row in many["narrower"]] == ["4", "3", "2"]
