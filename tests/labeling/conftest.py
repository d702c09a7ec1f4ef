import pytest

from labeling.models import Project, Vendor
from tests.factories import administrator, member


@pytest.fixture
def ada(db):
    """The administrator."""
    return administrator()


@pytest.fixture
def project(db):
    return Project.objects.create(slug="chat", name="Chat")


@pytest.fixture
def other_project(db):
    return Project.objects.create(slug="math", name="Math")


@pytest.fixture
def vendor(db):
    return Vendor.objects.create(slug="northwind", name="Northwind")


@pytest.fixture
def olga(project):
    """The owner of the project."""
    return member(project, "owner", "olga@example.org")
