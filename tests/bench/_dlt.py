"""What a newcomer writes with dlt: ``python _dlt.py ADDRESS TOKEN``, in a Python that has dlt.

The four lists as REST resources, children by their parent's id, merged by key so that a second run
changes what changed. Every setting is dlt's own default; it finds the database in its environment
variables. Prints the rows of each table as JSON. Needs nothing of the project.
"""

# ruff: noqa: T201 - a program that talks

import json
import sys
from typing import Any

# In an environment of its own: the project does not know dlt.
import dlt  # type: ignore[import-not-found]
from dlt.sources.helpers.rest_client.paginators import (  # type: ignore[import-not-found]
    BasePaginator,
)
from dlt.sources.rest_api import rest_api_source  # type: ignore[import-not-found]

TABLES = ("customers", "subscriptions", "invoices", "invoice_lines")
LINES = {"provider": "onetime", "invoicelineitemtype": "billinglineitems", "size": 2000}


class Continuation(BasePaginator):  # type: ignore[misc]
    """Partner Center's pages: the next link says which header goes with the next request."""

    def __init__(self) -> None:
        super().__init__()
        self.headers: dict[str, str] = {}

    def update_state(self, response: Any, data: Any = None) -> None:
        link = (response.json().get("links") or {}).get("next")
        self._has_next_page = link is not None
        if link:
            self.headers = {pair["key"]: pair["value"] for pair in link["headers"]}

    def update_request(self, request: Any) -> None:
        request.headers = {**(request.headers or {}), **self.headers}
        request.params = {**(request.params or {}), "seekOperation": "Next"}


def _resource(name: str, path: str, params: dict[str, Any], **hints: Any) -> dict[str, Any]:
    endpoint = {"path": path, "params": params, "data_selector": "items"}
    return {"name": name, "endpoint": endpoint, **hints}


def source(address: str, token: str) -> Any:
    """Return the four resources."""
    customer, invoice = "{resources.customers.id}", "{resources.invoices.id}"
    return rest_api_source(
        {
            "client": {
                "base_url": f"{address}/v1/",
                "auth": {"type": "bearer", "token": token},
                "paginator": Continuation(),
            },
            "resource_defaults": {"primary_key": "id", "write_disposition": "merge"},
            "resources": [
                _resource("customers", "customers", {"size": 500}),
                _resource("subscriptions", f"customers/{customer}/subscriptions", {}),
                _resource("invoices", "invoices", {"size": 200}),
                # A line has no id of its own: the lines of an invoice replace those it had.
                _resource(
                    "invoice_lines",
                    f"invoices/{invoice}/lineitems",
                    LINES,
                    primary_key=None,
                    merge_key="invoiceNumber",
                ),
            ],
        }
    )


def main(address: str, token: str) -> None:
    """Load everything and count it."""
    pipeline = dlt.pipeline(pipeline_name="bench", destination="postgres", dataset_name="dlt_bench")
    pipeline.run(source(address, token)).raise_on_failed_jobs()
    with pipeline.sql_client() as client:
        rows = {name: client.execute_sql(f"SELECT count(*) FROM {name}")[0][0] for name in TABLES}
    print(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
