"""Framework defaults that leak elsewhere, each closed: names of objects, logs, error reports, files, tasks, ids."""

import json
import logging
import sys

import pytest
from celery.app.amqp import AMQP
from django.apps import apps
from django.db import models
from django.test import Client, RequestFactory, override_settings
from django.views.debug import get_exception_reporter_class

from sapr import logs
from sapr.celery import app
from tests.world import CANARIES

# Models whose text is a name of the directory, which every member of staff may read, or public as a key's name is.
# All others show id or number.
DIRECTORY = {"Location": "name", "Post": "title", "Database": "kind", "CurrentWrapping": "kek_id"}
OURS = [
    m
    for each in ("sapr", "accounts", "reports", "notifications")
    for m in apps.get_app_config(each).get_models()
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_an_object_calls_itself_by_its_public_id_only(model) -> None:
    """Every text column filled with a value of its own: none of them may come out but the public one."""
    row, values = model(), {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.is_relation:
            continue
        if isinstance(field, models.CharField | models.TextField | models.BinaryField):
            values[field.attname] = f"canary-{field.attname}"
            setattr(row, field.attname, values[field.attname])
    public = DIRECTORY.get(model.__name__, "number" if model.__name__ == "Case" else "")
    for text in (str(row), repr(row), f"{row}", f"{row!r}"):
        told = {name for name, value in values.items() if value in text}
        assert told <= {public}, text
    assert str(row) == values.get(public, str(row.pk))


def line(record: logging.LogRecord) -> str:
    return logs.LineFormatter().format(record)


def record(name: str, message: object, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(
        name, logging.ERROR, logging.__file__, 1, message, args, extra.pop("exc_info", None)
    )
    for key, value in extra.items():
        setattr(made, key, value)
    return made


@pytest.mark.parametrize(
    ("name", "message", "args"),
    [
        ("django.request", "Not Found: %s", (CANARIES["name"],)),
        ("django.security.DisallowedHost", f"Invalid HTTP_HOST header: {CANARIES['name']!r}.", ()),
        ("celery.redirected", CANARIES["text"], ()),
        ("celery.app.trace", "Task %(name)s raised: %(exc)s", ({"exc": CANARIES["name"]},)),
        ("gunicorn.error", f"Error handling request /?q={CANARIES['dod_id']}", ()),
        ("sapr", CANARIES["dod_id"], ()),
        ("sapr.sweep", f"failed for {CANARIES['name']}", ()),
        ("somebody", ValueError(CANARIES["name"]), ()),
    ],
)
def test_a_log_line_never_holds_what_a_message_was_filled_with(name, message, args) -> None:
    written = line(record(name, message, *args))
    assert not any(value in written for value in CANARIES.values()), written
    assert json.loads(written)["logger"] == name


def test_fields_of_a_log_line_are_a_fixed_list() -> None:
    fields = {"id": "3f0c", "name": CANARIES["name"], "count": 3, "seconds": CANARIES["phone"]}
    told = json.loads(line(record("sapr", "due_item_failed", fields=fields)))
    assert (told["event"], told["id"], told["count"], told["seconds"]) == (
        "due_item_failed",
        "3f0c",
        3,
        "withheld",
    )
    assert "name" not in told


def test_an_exception_is_logged_by_type_place_and_number() -> None:
    try:
        int(CANARIES["text"])
    except ValueError:
        written = line(record("sapr", "failed", exc_info=sys.exc_info()))
    told = json.loads(written)
    assert told["error"] == "ValueError"
    assert told["where"].startswith("test_defaults.py:")
    assert told["error_id"].startswith("E-")
    assert CANARIES["text"] not in written


def test_an_error_report_holds_type_place_and_number() -> None:
    request = RequestFactory().post("/", {"name": CANARIES["name"]})
    request.error_id = "E-12345678"
    try:
        int(CANARIES["text"])
    except ValueError as error:
        report = get_exception_reporter_class(request)(request, type(error), error, error.__traceback__)
    for text in (report.get_traceback_text(), report.get_traceback_html()):
        told = json.loads(text)
        assert told.keys() == {"error", "where", "ours", "error_id"} or told.keys() == {
            "error",
            "where",
            "error_id",
        }
        assert told["error_id"] == "E-12345678"


_WRITTEN: list[str] = []
_WATCH = {"on": False}


def _watch(event: str, arguments: tuple) -> None:
    if _WATCH["on"] and event == "open" and isinstance(arguments[0], str):
        mode, flags = arguments[1] or "", arguments[2]
        if set(mode) & set("wax+") or flags & 3:
            _WRITTEN.append(arguments[0])


@pytest.fixture
def written(monkeypatch, tmp_path) -> list[str]:
    """Every file that this process opens for writing while the test runs."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if not _WATCH.setdefault("hooked", False):
        sys.addaudithook(_watch)
        _WATCH["hooked"] = True
    _WRITTEN.clear()
    _WATCH["on"] = True
    yield _WRITTEN
    _WATCH["on"] = False


def upload(client: Client) -> int:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("canary.txt", CANARIES["text"].encode() * 100_000)
    return client.post("/enrol/", {"file": file, "code": "x"}).status_code


def test_a_file_that_is_sent_reaches_no_disk(world, written) -> None:
    assert upload(Client()) == 422
    assert written == []


def test_by_django_s_own_handlers_it_would(world, written) -> None:
    own = [f"django.core.files.uploadhandler.{name}FileUploadHandler" for name in ("Memory", "Temporary")]
    with override_settings(FILE_UPLOAD_HANDLERS=own):
        upload(Client())
    assert [path for path in written if path.endswith(".upload.txt")]


def message(**options: object) -> dict:
    return app.amqp.as_task_v2(
        "id", "notifications.sweep", args=(CANARIES["name"],), kwargs={"x": "y"}, **options
    )[0]


def test_a_task_message_carries_no_readable_copy_of_its_arguments() -> None:
    for headers in (message(), message(argsrepr=CANARIES["name"], kwargsrepr=CANARIES["name"])):
        assert (headers["argsrepr"], headers["kwargsrepr"]) == ("", "")
    stock = AMQP(app).as_task_v2("id", "notifications.sweep", args=(CANARIES["name"],))[0]
    assert CANARIES["name"] in stock["argsrepr"]


def test_celery_keeps_no_results_and_tells_no_events() -> None:
    conf = app.conf
    assert (conf.result_backend, conf.task_ignore_result, conf.accept_content) == (None, True, ["json"])
    assert not any(
        conf[name]
        for name in (
            "task_store_errors_even_if_ignored",
            "result_extended",
            "worker_send_task_events",
            "task_send_sent_event",
            "worker_enable_remote_control",
        )
    )
    app.loader.import_default_modules()
    for name, task in app.tasks.items():
        if not name.startswith("celery."):
            assert task.ignore_result is True, name
