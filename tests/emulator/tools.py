"""A small client of the emulator: literal addresses, JSON in and out, either kind of token."""

import json
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import Client

from portal.emulator.app import Emulator


@dataclass
class Reply:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> int:
        return int(self.json["code"])


@dataclass
class Api:
    """Calls an emulator in this process. ``token`` is sent unless a call brings headers of its own."""

    app: Emulator
    token: str = ""
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(self.app)

    def call(self, method: str, url: str, body: object = None, **headers: str) -> Reply:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, (bytes, str, type(None))) else json.dumps(body)
        response = self.client.open(url, method=method, data=data, headers=sent)
        return Reply(response.status_code, response.get_data(as_text=True), dict(response.headers))

    def get(self, url: str, **headers: str) -> Reply:
        return self.call("GET", url, **headers)

    def patch(self, url: str, body: object, **headers: str) -> Reply:
        return self.call("PATCH", url, body, **headers)

    def control(self, method: str, door: str, body: object = None) -> Any:
        reply = self.call(method, f"/_emulator/{door}", body)
        assert reply.status == 200, reply.text
        return reply.json

    def customers(self) -> list[str]:
        return [str(item["id"]) for item in self.get("/v1/customers").json["items"]]

    def subscriptions(self, customer: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get(f"/v1/customers/{customer}/subscriptions").json[
            "items"
        ]
        return items
