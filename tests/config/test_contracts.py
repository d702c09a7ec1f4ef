"""The map of who may import whom names everything that it is about."""

import tomllib

from config.supervisor import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def modules_of(package: str) -> set[str]:
    folder = ROOT / package
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return {f"{package}.{name}" for name in files | packages}


def test_the_engine_is_kept_apart_from_everything_beside_it():
    (contract,) = (
        contract for contract in CONTRACTS if contract.get("source_modules") == ["estimates.engine"]
    )
    assert modules_of("estimates") - {"estimates.engine"} <= set(contract["forbidden_modules"])
