import io
import logging
import logging.config
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from labeling.services.people import ensure_administrator, sign_in_path

SECRET = "1:1xVpvl:ewkMdWq0abcdefghijklmnop"


@pytest.fixture
def written():
    """What the product's own log handler writes."""
    stream = io.StringIO()
    handlers: Any = settings.LOGGING["handlers"]
    configured = {
        **settings.LOGGING,
        "handlers": {"stderr": {**handlers["stderr"], "stream": stream}},
    }
    logging.config.dictConfig(configured)
    yield stream
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize(
    "path", [f"/sign-in/{SECRET}/", f"/invitations/{SECRET}/", f"/password/reset/{SECRET}/"]
)
def test_a_link_that_lets_somebody_in_is_not_written(written, path):
    logging.getLogger("django.request").warning("Forbidden (%s): %s", "CSRF cookie not set.", path)
    assert SECRET not in written.getvalue()
    assert "CSRF cookie not set." in written.getvalue()


def test_neither_is_a_key_of_a_program(written):
    logging.getLogger("annotally").error("refused %s", "ann_0123456789abcdefSECRET")
    assert "SECRET" not in written.getvalue()


def test_nor_what_a_traceback_quotes(written):
    try:
        raise ValueError(f"cannot open /sign-in/{SECRET}/")
    except ValueError:
        logging.getLogger("annotally").exception("it failed")
    assert SECRET not in written.getvalue()
    assert "ValueError: cannot open" in written.getvalue()


@pytest.mark.django_db
def test_a_refused_post_to_a_live_link_leaves_it_out_of_the_log(written):
    path = sign_in_path(ensure_administrator())
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert path not in written.getvalue()
    assert "Forbidden" in written.getvalue()
