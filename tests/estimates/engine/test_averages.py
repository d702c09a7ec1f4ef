"""How much single labels differ, as what it leaves open about a campaign."""

from dataclasses import replace

import numpy as np
import pytest

from estimates.engine.averages import labels_made, over_the_campaign
from estimates.engine.errors import EngineError
from estimates.engine.pricing import price_project
from laws import LogNormalRange, MeanOfLabels, Percentiles
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, between, certain, uncertain


def single(key: str, law, point: str | None = None):
    return replace(uncertain(key, law, point), of_single_labels=True)


def package(**effort):
    return campaigns.step_package(campaigns.step_effort(**effort))


def log_sd_of(one) -> float:
    project = campaigns.project_of(
        [one], [campaigns.whole_project("vendor", campaigns.math_vendor(rate=certain("rate", "60")), "steps")]
    )
    return price_project(project, seed=1, draws=8192)["scenarios"][0]["simulated"]["log_sd"]


def test_a_spread_of_single_labels_is_priced_as_the_spread_of_their_mean():
    minutes = between("2", "18")
    stated = package(minutes_per_judgement=single("minutes", minutes))
    priced = over_the_campaign(stated)
    made = labels_made(stated)["minutes_per_judgement"]
    assert made == pytest.approx(101_599, rel=1e-4)  # raw solutions, each judged once
    assert priced.effort.minutes_per_judgement.law == MeanOfLabels(minutes, made)
    assert priced.effort.minutes_per_judgement.law.relative_sd == pytest.approx(
        np.sqrt(np.expm1(minutes.log_sd**2) / made)
    )


def test_what_is_ignorance_of_the_mean_is_no_spread_of_labels():
    minutes = between("2", "18")
    of_the_mean = log_sd_of(package(minutes_per_judgement=uncertain("minutes", minutes)))
    of_labels = log_sd_of(over_the_campaign(package(minutes_per_judgement=single("minutes", minutes))))
    nothing = log_sd_of(package(minutes_per_judgement=certain("minutes", f"{minutes.mean:.6f}")))
    assert of_the_mean > 3 * of_labels
    assert of_labels == pytest.approx(nothing, rel=0.005)


def test_few_labels_leave_their_mean_open():
    minutes = between("2", "18")
    few = package(accepted_items=certain("items", "30"), minutes_per_judgement=single("minutes", minutes))
    law = over_the_campaign(few).effort.minutes_per_judgement.law
    assert law.relative_sd == pytest.approx(
        np.sqrt(np.expm1(minutes.log_sd**2) / (30 * 101_599 / 75_000)), rel=1e-4
    )


def test_reviews_are_counted_as_reviews():
    minutes = LogNormalRange(D(1), D(4))
    stated = package(review_time_share=None, review_minutes=single("review", minutes))
    law = over_the_campaign(stated).effort.review_minutes.law
    assert law.count == pytest.approx(0.1 * 101_599, rel=1e-4)


def test_adjudications_are_counted_as_items_that_differ():
    stated = package(
        disagreement_rate=certain("differ", "0.2"), adjudication_minutes=single("settle", between("1", "4"))
    )
    assert over_the_campaign(stated).effort.adjudication_minutes.law.count == pytest.approx(
        0.2 * 101_599, rel=1e-4
    )


def test_a_fixed_number_of_single_labels_is_that_number():
    stated = package(minutes_per_judgement=replace(certain("minutes", "6"), of_single_labels=True))
    assert over_the_campaign(stated).effort.minutes_per_judgement == certain("minutes", "6")


def test_a_package_without_one_stays_as_it_is():
    one = campaigns.step_package()
    assert over_the_campaign(one) is one


def test_labels_that_differ_without_a_limit_are_refused_by_the_input():
    stated = package(minutes_per_judgement=single("minutes", Percentiles(D(1), D(4), D(16))))
    with pytest.raises(
        EngineError, match="Work package Step labels: minutes per judgement: Single labels differ so widely"
    ):
        over_the_campaign(stated)


def test_a_spread_of_labels_is_never_priced_as_one_of_the_mean_by_oversight():
    stated = package(minutes_per_judgement=single("minutes", between("2", "18")))
    with pytest.raises(EngineError, match="minutes: a spread of single labels"):
        log_sd_of(stated)
