import pytest

from tests.factories import administrator, hours_project


@pytest.fixture
def ada(db):
    return administrator()


@pytest.fixture
def door(client, ada):
    """A signed-in administrator at the admin."""
    client.force_login(ada)
    return client


@pytest.fixture
def project(db):
    return hours_project()
