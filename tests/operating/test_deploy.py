"""What is shipped for production is what the programs that read it accept, and holds no secret."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management import get_commands

DEPLOY = Path(settings.BASE_DIR, "deploy")
UNITS = sorted(DEPLOY.glob("systemd/*"))
PYTHON = "/opt/sapr/venv/bin/python"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SYSTEMD = shutil.which("systemd-analyze")
# Of each service: none may have more than it needs.
HARDENED = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "CapabilityBoundingSet=\n",
    "PrivateTmp=yes",
    "LimitCORE=0",
)
SECRET = re.compile(
    r"AGE-SECRET-KEY|BEGIN [A-Z ]*PRIVATE KEY|postgres(?:ql)?://\w+:[^@\s]+@|[0-9a-f]{64}|(?i:password=\S)"
)


def test_units_are_hardened_call_what_there_is_and_are_accepted(tmp_path) -> None:
    ours = get_commands()
    for path in UNITS:
        text = path.read_text()
        for command in re.findall(r"manage\.py (\w+)", text):
            assert command in ours, (path.name, command)
        if path.suffix == ".service":
            assert [each for each in HARDENED if each not in text] == [], path.name
            assert re.search(r"^User=sapr-(web|worker|owner)$", text, re.MULTILINE), path.name
        else:
            assert path.with_suffix(".service").exists(), path.name
        (tmp_path / path.name).write_text(text.replace(PYTHON, sys.executable))
    assert len(UNITS) > 10
    if SYSTEMD:
        done = subprocess.run(
            [SYSTEMD, "verify", *sorted(map(str, tmp_path.iterdir()))],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_the_front_end_s_settings_are_accepted_and_keep_no_record(tmp_path) -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    for line in (
        "access_log off;",
        "proxy_request_buffering off;",
        "proxy_max_temp_file_size 0;",
        "ssl_protocols TLSv1.3;",
    ):
        assert line in text
    assert text.count("{") == text.count("}")
    if NGINX:
        made = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=sapr.example",
        ]
        subprocess.run(
            [*made, "-keyout", tmp_path / "front.key", "-out", tmp_path / "front.pem"],
            check=True,
            capture_output=True,
        )
        (tmp_path / "mime.types").write_text("types {}\n")
        # Where it would put what it never writes is the installed program's own.
        folders = "".join(
            f"{each}_temp_path {tmp_path / each};\n"
            for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        text = text.replace("server_tokens off;", f"server_tokens off;\n{folders}")
        text = text.replace("/etc/sapr/tls", str(tmp_path)).replace("/etc/nginx", str(tmp_path))
        (tmp_path / "conf").write_text(text.replace("/run/nginx.pid", str(tmp_path / "pid")))
        done = subprocess.run(
            [NGINX, "-t", "-p", tmp_path, "-c", tmp_path / "conf"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_the_container_is_pinned_without_root_and_everything_without_a_secret() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    for base in re.findall(r"^FROM (\S+)", text, re.MULTILINE):
        assert re.search(r":\d+\.\d+\.\d+", base), base
    assert re.search(r"^USER [1-9]\d+$", text, re.MULTILINE)
    assert "--require-hashes" in text
    for copied in re.findall(r"^COPY (?!--)(\S+) ", text, re.MULTILINE):
        assert Path(settings.BASE_DIR, copied).exists(), copied
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for service in compose["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assert SECRET.findall(path.read_text()) == [], path.name


def test_every_variable_that_the_guide_names_is_read() -> None:
    """In docs/production.md, docs/running.md and what is shipped for production."""
    read = "".join(
        Path(settings.BASE_DIR, name).read_text()
        for name in (
            "sapr/settings.py",
            "launcher/layout.py",
            "launcher/contract.py",
            "sapr/operating/counting.py",
        )
    )
    pages = [Path(settings.BASE_DIR, "docs", name) for name in ("production.md", "running.md")]
    told = {
        name
        for path in [*pages, *(each for each in DEPLOY.rglob("*") if each.is_file())]
        for name in re.findall(r"\b(?:SAPR|PROMETHEUS)_[A-Z_]+[A-Z]\b", path.read_text())
    }
    assert {name for name in told if name not in read} == set()
