"""docker-compose.yml runs what the demo's supervisor runs; no Docker is needed to know that."""

import re
from typing import Any

import pytest
import yaml

from portal.embedded import services

COMPOSE = yaml.safe_load((services.PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
KNOWN_KEYS = {
    *("image", "build", "command", "environment", "depends_on", "volumes", "ports", "restart"),
    *("healthcheck", "profiles", "configs"),
}
OURS = [
    services.MIGRATE,
    services.WEB,
    services.WORKER,
    services.BEAT,
    services.emulator(8001, "/data"),
]


@pytest.mark.parametrize("service", OURS, ids=lambda service: service.name)
def test_a_service_runs_the_supervisors_command(service: services.Service) -> None:
    assert tuple(SERVICES[service.name]["command"]) == service.command


def test_the_services_are_those_of_the_demo() -> None:
    always = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert always == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    assert SERVICES["emulator"]["profiles"] == ["demo"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_the_shape_that_compose_knows(name: str) -> None:
    service = SERVICES[name]
    assert set(service) <= KNOWN_KEYS
    assert "image" in service
    volumes = {volume.partition(":")[0] for volume in service.get("volumes", [])}
    assert volumes <= set(COMPOSE["volumes"])
    assert {config["source"] for config in service.get("configs", [])} <= set(COMPOSE["configs"])
    for needed, condition in service.get("depends_on", {}).items():
        assert condition["condition"] in {"service_healthy", "service_completed_successfully"}
        if condition["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[needed]
    assert all(isinstance(value, str) for value in service.get("environment", {}).values())


def test_only_this_machine_reaches_the_pages_and_nothing_else_is_open() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_the_web_process_signs_in_as_the_bound_role_and_workers_as_the_owner() -> None:
    for name in ("web", "worker", "beat"):
        environment = SERVICES[name]["environment"]
        assert environment["DATABASE_URL"].startswith("postgres://portal_web:")
        assert environment["MIGRATE_DATABASE_URL"].startswith("postgres://portal:")
    role = COMPOSE["configs"]["roles"]["content"]
    assert role.startswith("CREATE ROLE portal_web LOGIN NOINHERIT PASSWORD")


def test_a_secret_that_is_not_set_stops_the_start() -> None:
    text = (services.PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "FIELD_KEYS", "DATABASE_PASSWORD", "WEB_DATABASE_PASSWORD"):
        given = re.findall(rf"\$\{{{name}[^}}]*\}}", text)
        assert given
        assert all(use == f"${{{name}:?set it in .env}}" for use in given)
