"""A newcomer's own project as it is typed in, and what it must come to.

Every door enters these same words and figures: the admin, the pages, the API. All are text, as a person or a
program sends them. Points are left to the laws. Inputs stand in the order of the catalogue of inputs, in which
every door stores them: the order decides which dimension of the simulation an input is drawn from, so equal
entries give equal figures to the cent, the simulated ones too.
"""

from decimal import Decimal
from typing import Any

SOURCE = "Our own estimate"
EVIDENCE = "assumption"

PROJECT = {
    "name": "Helpful answers",
    "slug": "helpful-answers",
    "summary": "Written and ranked answers for a helpful assistant.",
    "starts_on": "2027-01-11",
    "deadline": "2027-12-17",
}
BUDGET = {"currency": "USD", "limit": "60000"}
TIERS = [
    {"name": "Writer", "slug": "writer"},
    {"name": "Ranker", "slug": "ranker"},
]


def fixed(name: str, point: str) -> dict[str, str]:
    return {"name": name, "law": "number", "point": point}


PACKAGES: list[dict[str, Any]] = [
    {
        "name": "Written answers",
        "slug": "written-answers",
        "task_type": "demonstration",
        "settings": {"response_words": 250},
        "tier": "writer",
        "effort_kind": "items",
        # 1,200 / 0.8 = 1,500 judgements of 15 minutes: 375 hours. Redone: 375 / (1 - 0.0625) = 400.
        # Gold: 375 * 0.0625 / 0.9375 = 25. Review: 400 * 0.2 * 0.25 = 20. In all 445 hours.
        "inputs": [
            fixed("accepted_items", "1200"),
            {"name": "yield_share", "law": "beta", "mean": "0.8", "weight": "40"},
            fixed("overlap", "1"),
            fixed("gold_share", "0.0625"),
            {
                "name": "minutes_per_judgement",
                "spread_of": "campaign-mean",
                "law": "range",
                "low": "12",
                "high": "18.75",
            },
            fixed("rework_rate", "0.0625"),
            fixed("review_share", "0.2"),
            fixed("review_time_share", "0.25"),
        ],
    },
    {
        "name": "Ranked answers",
        "slug": "ranked-answers",
        "task_type": "ranking",
        "settings": {"responses_min": 4, "responses_max": 4, "ties": True},
        "tier": "ranker",
        "effort_kind": "items",
        # 3,000 * 2 = 6,000 judgements of 6 minutes: 600 hours. Redone: 600 / 0.96 = 625.
        # Review: 625 * 0.1 * 0.4 = 25. In all 650 hours.
        "inputs": [
            fixed("accepted_items", "3000"),
            fixed("yield_share", "1"),
            fixed("overlap", "2"),
            fixed("gold_share", "0"),
            {
                "name": "minutes_per_judgement",
                "spread_of": "campaign-mean",
                "law": "pert",
                "low": "4",
                "mode": "6",
                "high": "9",
            },
            fixed("rework_rate", "0.04"),
            fixed("review_share", "0.1"),
            fixed("review_time_share", "0.4"),
        ],
    },
    {
        "name": "Pilot comparisons",
        "slug": "pilot-comparisons",
        "task_type": "pairwise",
        "settings": {"scale_points": 7, "ties": True},
        "tier": "ranker",
        "effort_kind": "hours",
        "inputs": [{"name": "hours", "law": "triangular", "low": "200", "mode": "240", "high": "300"}],
    },
]

VENDORS = [
    {"name": "Northlight", "slug": "northlight"},
    {"name": "Fieldwork", "slug": "fieldwork"},
]
BY_THE_HOUR = {
    "currency": "USD",
    "basis": "hour",
    "valid_from": "2026-01-01",
    "valid_until": "2028-12-31",
    "volume_pricing": "flat",
    "rework_paid_by": "buyer",
    "gold_paid_by": "buyer",
    "training_paid_by": "buyer",
    "idle_billed": False,
}
RATE_CARDS: list[dict[str, Any]] = [
    {
        **BY_THE_HOUR,
        "vendor": "northlight",
        "tier": "writer",
        "name": "Northlight by the hour",
        "slug": "northlight-hour",
        "pricing": "billed",
        # Point: the root of 25.6 * 40 is 32.
        "inputs": [
            {"name": "rate", "law": "range", "low": "25.60", "high": "40"},
            fixed("setup_fee", "1500"),
        ],
    },
    {
        **BY_THE_HOUR,
        "vendor": "fieldwork",
        "tier": "writer",
        "name": "Fieldwork by the hour",
        "slug": "fieldwork-hour",
        "pricing": "cost-plus-markup",
        # 20 * 1.25 = 25 an hour.
        "inputs": [fixed("rate", "20"), fixed("markup", "0.25")],
    },
    {
        **BY_THE_HOUR,
        "basis": "judgement",
        "rework_paid_by": "vendor",
        "gold_paid_by": "vendor",
        "training_paid_by": "vendor",
        "vendor": "fieldwork",
        "tier": "ranker",
        "name": "Fieldwork by the ranking",
        "slug": "fieldwork-ranking",
        "pricing": "billed",
        "inputs": [fixed("rate", "3.20")],
    },
]
TEAM: dict[str, Any] = {
    "name": "Own people",
    "slug": "own-people",
    "currency": "USD",
    # Point of the wage: the root of 20.25 * 25 is 22.50. 22.50 * 1.2 / 0.75 = 36 a productive hour.
    "inputs": [
        {"name": "wage", "law": "range", "low": "20.25", "high": "25"},
        fixed("burden", "0.2"),
        fixed("utilisation", "0.75"),
        fixed("setup", "9000"),
    ],
}

# Who does which package, in the order of PACKAGES; suppliers by their address.
SCENARIOS: list[dict[str, Any]] = [
    {
        "name": "Northlight",
        "slug": "northlight",
        "suppliers": ["northlight-hour", "northlight-hour", "northlight-hour"],
    },
    {
        "name": "Fieldwork",
        "slug": "fieldwork",
        "suppliers": ["fieldwork-hour", "fieldwork-ranking", "fieldwork-hour"],
    },
    {"name": "Own people", "slug": "own-people", "suppliers": ["own-people", "own-people", "own-people"]},
]

# Worked by hand: productive hours of the packages, and each scenario's point total.
HOURS = {
    "written-answers": Decimal(445),
    "ranked-answers": Decimal(650),
    "pilot-comparisons": Decimal(240),
}
TOTALS = {
    "northlight": Decimal("44220.00"),  # 1,335 hours * 32, and 1,500 once
    "fieldwork": Decimal("36325.00"),  # 445 * 25 + 6,000 rankings * 3.20 + 240 * 25
    "own-people": Decimal("57060.00"),  # 1,335 hours * 36, and 9,000 once
}

# With these every door simulates, so that their figures can be held against each other.
SEED = 7
DRAWS = 4096
