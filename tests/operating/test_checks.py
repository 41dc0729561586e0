"""Settings that must not go together do not start."""

import pytest
from django.conf import settings
from django.core.checks.registry import registry
from django.test import override_settings

from sapr import backup
from sapr.errors import DomainError
from sapr.operating import checks, counting

ALONE = {"default": {"HOST": "a", "PORT": "", "NAME": "cases"}}
POOLED = {**ALONE["default"], "DISABLE_SERVER_SIDE_CURSORS": True}
MISFITS = [
    ("sapr.E026", {"POOLER": "session"}),
    ("sapr.E026", {"POOLER": "transaction"}),
    ("sapr.E026", {"POOLER": "transaction", "ROLE": "worker", "DATABASES": {"default": POOLED}}),
    ("sapr.E027", {"METRICS_TOKEN": "short"}),
    (
        "sapr.E027",
        {"HTTPS": True, "KIND": "real", "ROLE": "web", "SECRET_KEY_GIVEN": "x", "COUNTED": "/run/sapr"},
    ),
    ("sapr.E028", {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
    ("sapr.E028", {"USE_X_FORWARDED_HOST": True}),
    ("sapr.E030", {"BACKUP_RECIPIENTS": ["AGE-SECRET-KEY-1CANARY"]}),
    ("sapr.E030", {"BACKUP_RECIPIENTS": ["age1nobody"]}),
    ("sapr.W030", {"BACKUP_RECIPIENTS": [], "ROLE": "owner", "KIND": "real"}),
    ("sapr.E031", {"DATABASES": ALONE | {"keys": {"HOST": "a", "PORT": "", "NAME": "cases"}}}),
]
FITTING = [
    {"POOLER": "transaction", "ROLE": "web", "DATABASES": {"default": POOLED}},
    {"METRICS_TOKEN": "t" * 32},
    {"DATABASES": ALONE | {"keys": {"HOST": "a", "PORT": "", "NAME": "keys"}}},
]
OURS = [each for each in registry.get_checks() if each.__module__ == checks.__name__]


def numbers() -> set[str]:
    return {message.id for check in OURS for message in check(None, databases=None)}


def numbers_with(monkeypatch, changed: dict) -> set[str]:
    with monkeypatch.context() as told:
        for name, value in changed.items():
            if name == "COUNTED":
                told.setenv(counting.FOLDER, value)
            else:
                told.setattr(settings, name, value)
        return numbers()


def test_settings_of_how_it_is_run_go_together(monkeypatch) -> None:
    assert numbers() == set()
    for number, misfit in MISFITS:
        assert numbers_with(monkeypatch, misfit) == {number}, misfit
    for fitting in FITTING:
        assert numbers_with(monkeypatch, fitting) == set(), fitting


def test_all_files_of_a_server_are_no_backup_where_the_keys_are_among_them(tmp_path) -> None:
    with (
        override_settings(KIND="real"),
        pytest.raises(DomainError, match="key store stands on the same server"),
    ):
        backup.backup(tmp_path / "all", whole_server=True)
    assert not list(tmp_path.iterdir())
