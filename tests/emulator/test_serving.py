"""The emulator behind real HTTP: keep-alive, dropped connections, threads, and its command."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.emulator import cli, serve


@pytest.fixture
def http(server: serve.Running) -> Iterator[httpx.Client]:
    tokens = httpx.post(f"{server.url}/_emulator/tokens", json={"action": "issue"}).json()
    headers = {"Authorization": f"Bearer {tokens['app_token']}"}
    with httpx.Client(base_url=server.url, headers=headers) as client:
        yield client


def one_of(http: httpx.Client) -> tuple[str, dict[str, Any]]:
    customer = http.get("/_emulator/dump").json()["customer_ids"][1]
    items = http.get(f"/v1/customers/{customer}/subscriptions").json()["items"]
    return f"/v1/customers/{customer}/subscriptions/{items[0]['id']}", items[0]


def test_connections_are_kept_open(server: serve.Running) -> None:
    address = httpx.URL(server.url)
    with socket.create_connection((address.host, address.port or 0)) as connection:
        answers = connection.makefile("rb")
        for _ in range(3):
            connection.sendall(b"GET /v1/nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert answers.readline() == b"HTTP/1.1 404 Not Found\r\n"
            length = 0
            while (line := answers.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            assert json.loads(answers.read(length))["code"] == 1000


def test_a_reset_and_a_lost_reply_break_the_connection(http: httpx.Client) -> None:
    url, item = one_of(http)
    rules = [{"action": {"kind": "reset"}}, {"action": {"kind": "lost_reply"}}]
    http.post("/_emulator/faults", json={"rules": rules}).raise_for_status()
    with pytest.raises(httpx.ReadError):
        http.patch(url, json={**item, "quantity": 51})
    with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
        http.patch(url, json={**item, "quantity": 52})
    assert http.get(url).json()["quantity"] == 52


def test_concurrent_changes_are_applied_one_after_the_other(http: httpx.Client) -> None:
    url, item = one_of(http)
    body = {**item, "attributes": {}}

    def rename(number: int) -> int:
        return http.patch(url, json={**body, "friendlyName": f"Name {number}"}).status_code

    http.post("/_emulator/manners", json={"latency_ms": 5})
    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(rename, range(60))) == {200}
    state = http.get(
        "/_emulator/dump",
        params=dict(zip(("customer", "subscription"), url.split("/")[3::2], strict=True)),
    )
    assert state.json()["version"] == 61
    records = http.get("/v1/auditrecords", params={"size": 500}).json()["items"]
    names = [
        json.loads(item["resourceNewValue"])["FriendlyName"]
        for item in records
        if "resourceNewValue" in item
    ]
    assert sorted(names) == sorted(f"Name {number}" for number in range(60))


def test_one_request_id_from_many_threads_is_applied_once(http: httpx.Client) -> None:
    url, item = one_of(http)
    body = {**item, "quantity": 60, "attributes": {}}

    def increase(_number: int) -> str:
        return http.patch(url, json=body, headers={"MS-RequestId": "the-same"}).text

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(increase, range(24)))) == 1
    lots = http.get(url).json()["refundableQuantity"]["details"]
    assert [lot["quantity"] for lot in lots] == [5, 10, 3, 10]


def test_latency_does_not_serialise_calls(http: httpx.Client) -> None:
    url, _ = one_of(http)
    http.post("/_emulator/manners", json={"latency_ms": 200}).raise_for_status()
    with ThreadPoolExecutor(8) as pool:
        took = list(pool.map(lambda _: http.get(url).elapsed.total_seconds(), range(8)))
    assert min(took) >= 0.2
    assert max(took) < 1.2


def test_the_command_prints_its_address_and_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "portal.emulator", "--port", "0", "--customers", "3"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        assert httpx.get(f"{url}/_emulator").json()["customers"] == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_the_emulator_needs_no_django() -> None:
    script = "import sys, portal.emulator.cli; print([m for m in ('django', 'portal.partnercenter.client') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_it_can_run_as_a_process_of_its_own() -> None:
    running = serve.start_process("--customers", "4", "--seed", "2")
    assert httpx.get(f"{running.url}/_emulator").json()["customers"] == 4
    running.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{running.url}/_emulator")


def test_a_wrong_option_stops_the_start() -> None:
    command = [sys.executable, "-m", "portal.emulator", "--faults", "explode=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "unknown fault 'explode'" in done.stderr


def test_a_port_that_cannot_be_had_is_one_sentence(server: serve.Running) -> None:
    taken = str(httpx.URL(server.url).port)
    for port, code in ((taken, 1), ("99999", 2)):
        command = [sys.executable, "-m", "portal.emulator", "--port", port, "--customers", "1"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == code
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert port in done.stderr or "65535" in done.stderr


def test_the_exported_coverage_is_up_to_date() -> None:
    assert Path(cli.COVERAGE).read_bytes() == cli.coverage_bytes()
