"""Prints what the rights matrix came to, at the end of the run."""

import pytest

from tests.rights.test_matrix import MATRIX


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # From the reports and not from the session: with several workers, the matrix ran in one of them.
    lines = [
        line
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, line in getattr(report, "user_properties", ())
        if name == MATRIX
    ]
    if lines:
        terminalreporter.section("Rights matrix")
        for line in lines:
            terminalreporter.line(line)
