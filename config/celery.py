"""The Celery application: workers run the jobs, beat sends the periodic sweep."""

import os

from celery import Celery

import config.broker  # noqa: F401  (registers the embedded broker's scheme)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("annotally")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
