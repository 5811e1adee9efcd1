"""compose.yaml, Dockerfile, proxy and example environment name only what exists and agree with each other."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import resolve
from django.utils.module_loading import import_string

from tests.services.processes import ROOT, environment

pytestmark = pytest.mark.once
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "hiroba"}
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / "deploy" / "example.env").read_text()


@cache
def variables_read() -> set[str]:
    """Every variable that the settings or the start read from the environment."""
    sources = [*(ROOT / "config").rglob("*.py"), *(ROOT / "core" / "serve").glob("*.py")]
    text = "\n".join(path.read_text() for path in sources)
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z][A-Z0-9_]*)\"", text)) | set(
        re.findall(r"environ\.get\(\"([A-Z][A-Z0-9_]*)\"", text)
    )


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_every_process_of_the_distributed_way_is_there() -> None:
    assert set(SERVICES) == {
        "postgres", "redis", "prepare", "web", "sign-in", "sockets", "worker-default", "worker-providers", "worker-media",
        "beat", "proxy",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(OURS))
def test_programs_exist_in_the_environment(name: str) -> None:
    programs = {script.name for script in importlib.metadata.entry_points(group="console_scripts")} | {"python"}
    service = OURS[name]
    assert service["command"][0] in programs
    assert all(isinstance(part, str) for part in service["command"])
    test = service.get("healthcheck", {}).get("test")
    if test:
        assert test[0] == "CMD"
        assert test[1] in programs


@pytest.mark.parametrize("name", sorted(OURS))
def test_applications_modules_and_files_of_commands_exist(name: str) -> None:
    command = OURS[name]["command"]
    if command[0] == "celery":
        found = import_string(f"{option(command, '--app')}.celery_app")
        assert found.main == "hiroba"
    elif command[0] == "python":
        assert (ROOT / command[1]).is_file()
        assert (ROOT / "core" / "management" / "commands" / f"{command[2]}.py").is_file()
    else:
        assert callable(import_string(command[-1].replace(":", ".")))
    for part in OURS[name].get("healthcheck", {}).get("test", []):
        if part.endswith(".py"):
            assert (ROOT / part).is_file()


@pytest.mark.parametrize("program", ["granian", "daphne", "celery worker", "celery beat", "celery inspect"])
def test_options_of_commands_exist(program: str) -> None:
    words = program.split()
    used = set()
    for service in OURS.values():
        for command in (service["command"], service.get("healthcheck", {}).get("test", [])[1:]):
            if command[:1] == words[:1] and (len(words) == 1 or words[1] in command):
                used |= {part for part in command if part.startswith("--")} - {"--app"}
    assert used
    executable = Path(sys.executable).parent / words[0]
    asked = [str(executable), *(["--app", "config"] if words[0] == "celery" else []), *words[1:], "--help"]
    helped = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT, env=environment(COLUMNS="300"))
    for name in used:
        assert re.search(rf"{name}\b", helped.stdout), f"{program} has no option {name}"


def test_every_queue_has_exactly_one_worker_service() -> None:
    from core.serve.background import MEDIA_QUEUES, QUEUES

    queues = [option(s["command"], "--queues") for s in OURS.values() if "worker" in s["command"]]
    assert sorted(queues) == sorted((*QUEUES, *MEDIA_QUEUES))


def test_variables_of_the_environment_are_read_by_the_settings() -> None:
    given = set().union(*(service["environment"] for service in OURS.values()))
    assert given <= variables_read(), given - variables_read()
    image = set(re.findall(r"\b([A-Z][A-Z0-9_]+)=", DOCKERFILE)) - {
        "PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR",
    }  # fmt: skip
    assert image <= variables_read(), image - variables_read()


def test_the_example_environment_holds_what_compose_asks_for_and_no_secret() -> None:
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))
    example = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert set(example) == asked
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY"):
        assert example[secret] == ""
    for needed in ("SECRET_KEY", "POSTGRES_PASSWORD", "PUBLIC_URL", "ALLOWED_HOSTS"):
        assert f"${{{needed}:?" in (ROOT / "compose.yaml").read_text()


def test_volumes_are_declared_and_mounted_files_exist() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).is_file(), f"{name}: {source}"
            else:
                assert source in COMPOSE["volumes"], f"{name}: {source}"


def test_services_wait_only_for_services_that_can_become_ready() -> None:
    for name, service in SERVICES.items():
        for other, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "test" in SERVICES[other]["healthcheck"], f"{name} waits for the health of {other}"
            else:
                assert SERVICES[other]["restart"] == "no", f"{name} waits for the end of {other}"


def test_ports_agree_between_services_and_proxy() -> None:
    upstreams = dict(re.findall(r"server ([\w-]+):(\d+);", NGINX))
    assert upstreams == {name: option(SERVICES[name]["command"], "--port") for name in ("web", "sign-in", "sockets")}
    for name, port in upstreams.items():
        assert SERVICES[name]["healthcheck"]["test"][-1] == port
    listens = re.search(r"listen (\d+);", NGINX)
    assert listens is not None
    assert SERVICES["proxy"]["ports"][0].endswith(f":{listens[1]}")
    assert f":{listens[1]}/" in SERVICES["proxy"]["healthcheck"]["test"][-1]
    assert SERVICES["postgres"]["environment"]["POSTGRES_USER"] == "hiroba"
    assert "@postgres:5432/hiroba" in OURS["web"]["environment"]["DATABASE_URL"]


def test_the_proxy_serves_the_folders_and_routes_that_the_settings_name() -> None:
    from django.conf import settings

    data = OURS["web"]["environment"]["DATA_DIR"]
    aliases = dict(re.findall(r"location (/\w+/) \{\s*alias ([^;]+);", NGINX))
    assert aliases[settings.STATIC_URL] == f"{data}/{Path(settings.BASE_DIR / 'data' / 'static').name}/"
    assert aliases[settings.MEDIA_URL] == f"{data}/{settings.MEDIA_ROOT.name}/"
    for path in ("/live/", "/api/v1/chat/ws", "/api/v1/watchparty/ws"):
        assert re.search(rf"location {path} \{{\s*proxy_pass http://sockets;", NGINX)
    assert any(volume.startswith("data:/data") for volume in SERVICES["proxy"]["volumes"])


def test_the_proxy_knows_where_passwords_are_hashed() -> None:
    """What has threads of its own in the embedded server (config/asgi.py) has a process of its own here."""
    from django.conf import settings

    found = re.search(r"location ~ (\^\S+) \{\s*limit_conn [^}]+?proxy_pass http://sign-in;", NGINX)
    assert found is not None
    for path in settings.HASHING_PATHS:
        assert re.search(found[1], path), path
        assert resolve(path).func, path
    for path in ("/api/v1/auth/refresh", "/api/v1/auth/me", "/api/v1/anime", "/accounts/logout/", "/x/accounts/login/"):
        assert not re.search(found[1], path), path


def test_only_processes_with_threads_to_spare_are_sent_those_who_wait() -> None:
    pools = re.search(r"map \$arg_wait \$(\w+) \{\s*default sign-in;\s*'' web;\s*0 web;\s*\}", NGINX)
    assert pools is not None
    found = re.search(rf"location ~ (\^\S+) \{{\s*proxy_pass http://\${pools[1]};\s*proxy_read_timeout 75s;", NGINX)
    assert found is not None
    for path in ("/api/v1/providers/one/anime/x", "/api/v1/providers/anime/mal/1", "/api/v1/admin/anime/1/sync"):
        assert re.search(found[1], path), path
        assert resolve(path).func, path
    for path in ("/api/v1/anime/1", "/api/v1/providers", "/x/api/v1/providers/home"):
        assert not re.search(found[1], path), path
    for name in ("web", "sign-in"):
        assert OURS[name]["environment"]["REQUEST_THREADS"] == option(OURS[name]["command"], "--blocking-threads")


def test_the_proxy_is_trusted_and_the_body_limits_agree() -> None:
    from django.conf import settings

    subnet = COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert OURS["web"]["environment"]["TRUSTED_PROXIES"] == subnet
    limit = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert limit is not None
    assert int(limit[1]) * 1024**2 == settings.REQUEST_BODY_LIMIT


def test_the_image_copies_runs_and_exposes_what_exists() -> None:
    for source in re.findall(r"^COPY (?:--\S+ )*(\S+) \S+$", DOCKERFILE, re.MULTILINE):
        assert source.startswith("/opt/venv") or (ROOT / source).exists(), source
    assert re.search(r"^USER (?!root)\w+", DOCKERFILE, re.MULTILINE)
    port = re.search(r"EXPOSE (\d+)", DOCKERFILE)
    assert port is not None
    assert f"PORT={port[1]}" in DOCKERFILE
    health = re.search(r'CMD \["python", "(deploy/[^"]+)", "(\d+)"\]', DOCKERFILE)
    assert health is not None
    assert (ROOT / health[1]).is_file()
    assert health[2] == port[1]
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2
    assert '["python", "manage.py", "up"]' in DOCKERFILE


def test_the_image_leaves_out_nothing_that_it_runs() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    for needed in (
        "manage.py",
        "deploy",
        "config",
        "core",
        "static",
        "templates",
        "locale",
        "demo",
        "requirements.txt",
    ):
        assert needed not in ignored
