"""`make chaos`: 200 reports in a storm, in both worlds, each of them done exactly once."""

import argparse
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from tests.chaos.storm import FULL, SHORT, Storm
from tests.needs import Missing, find
from tests.processes import World, Worlds

POSTGRESQL, SQLITE = "PostgreSQL and Redis", "SQLite and the embedded broker"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--world", choices=["both", "postgresql", "sqlite"], default="both")
    parser.add_argument("--seed", type=int, help="of the storm; chosen and printed when not given")
    parser.add_argument("--reports", type=int, help="how many are asked for")
    parser.add_argument("--short", action="store_true", help="the form that the tests run: 20 reports")
    parser.add_argument(
        "--control",
        choices=["fence", "sweep"],
        default="",
        help="leave out what keeps a report from counting twice, or from being lost: the check has to notice",
    )
    return parser.parse_args()


def worlds_of(chosen: str, worlds: Worlds) -> Iterator[tuple[str, AbstractContextManager[World]]]:
    if chosen != "sqlite":
        for name in ("postgresql", "redis"):
            if isinstance(missing := find(name), Missing):
                sys.exit(f"There is {missing.reason}. --world sqlite needs no server.")
        yield POSTGRESQL, worlds.servers("chaos", find("postgresql"), find("redis"))
    if chosen != "postgresql":
        yield SQLITE, worlds.embedded("chaos")


def end_in_good_order(number: int, frame: object) -> None:
    """For SIGTERM: leave by way of everything that cleans up, and do not be interrupted in it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(128 + number)


def main() -> int:
    given = arguments()
    signal.signal(signal.SIGTERM, end_in_good_order)
    plan = SHORT if given.short else FULL
    plan = replace(
        plan,
        seed=random.randrange(10_000) if given.seed is None else given.seed,
        reports=given.reports or plan.reports,
        control=given.control,
        # Without the sweep nothing comes back, however long one waits.
        patience=15 if given.control == "sweep" else plan.patience,
    )
    as_expected = True
    with tempfile.TemporaryDirectory(prefix="annotally-chaos-") as folder:
        worlds = Worlds(Path(folder))
        try:
            for name, made in worlds_of(given.world, worlds):
                left_out = f", without the {plan.control}" if plan.control else ""
                print(
                    f"{name}, seed {plan.seed}: {plan.reports} reports in {plan.seconds:g} s{left_out}",
                    flush=True,
                )
                with made as world:
                    outcome = Storm(world, plan).run()
                    for line in outcome.lines():
                        print(f"  {line}", flush=True)
                    for violations in outcome.violations.values():
                        for violation in violations[:5]:
                            print(f"    {violation}", flush=True)
                    if any(outcome.violations.values()) != bool(plan.control):
                        as_expected = False
                        print(world.logs())
        finally:
            worlds.close()
    if plan.control:
        print("The check noticed." if as_expected else "THE CHECK DID NOT NOTICE.")
    else:
        print("Every report was done exactly once." if as_expected else "NOT AS PROMISED.")
    return 0 if as_expected else 1


if __name__ == "__main__":
    sys.exit(main())
