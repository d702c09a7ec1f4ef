"""What the README quotes is what the program prints."""

import re
from pathlib import Path

import pytest

from estimates.services.budgets import DEFAULT_DRAWS, price
from estimates.services.reference import load_reference, reference_projects
from estimates.tables import sentences, totals_table

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_both_campaigns_figures_are_printed_as_the_readme_says():
    list(load_reference())
    documents = [price(project, seed=0, draws=DEFAULT_DRAWS) for project in reference_projects()]
    assert totals_table(documents) in README
    quoted = re.search(r"^> (.+)$", README, re.MULTILINE)
    assert quoted is not None
    assert quoted[1] in sentences(documents[0])


def test_every_file_that_the_readme_names_is_there():
    for name in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"^\| (.+) \|", README, re.MULTILINE):
        for folder in re.findall(r"`([^`]+)/`", name):
            assert folder == "var" or (ROOT / folder).is_dir(), folder
