import pytest

from tests.factories import administrator, hours_project


@pytest.fixture
def ada(db):
    return administrator()


@pytest.fixture
def project(db):
    return hours_project()


@pytest.fixture
def published(monkeypatch):
    """The messages sent to workers, in order: (task name, primary key)."""
    sent = []
    monkeypatch.setattr(
        "labeling.services.jobs.current_app.send_task",
        lambda name, args: sent.append((name, args[0])),
        raising=False,
    )
    return sent
