"""The worker process: `celery -A sapr.worker worker -B`. Signs in as the worker role, which holds no keys."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapr.settings")
os.environ["SAPR_ROLE"] = "worker"

import django

django.setup()

from sapr.celery import app  # noqa: E402, F401
from sapr.startup import verify  # noqa: E402

verify()
