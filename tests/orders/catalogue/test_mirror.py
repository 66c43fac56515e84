"""The catalogue comes by market, on demand; SKUs and availabilities follow what stands above them."""

from orders.catalogue import mapping, rereading
from orders.catalogue.models import Availability, Product, Shelf, Sku, View
from orders.catalogue.part import AVAILABILITIES, PRODUCTS, SKUS
from portal.connections.models import Connection
from portal.emulator import shelves
from portal.mirror import aging, families, hooks, verifying
from portal.mirror.families import Reading
from portal.mirror.fetching import Pool
from portal.mirror.models import DirtyMark
from portal.mirror.upsert import mark_gone
from tests.contract.documents import DATA, load
from tests.customers.users.conftest import Upstream
from tests.orders.catalogue.conftest import E3, SEATS, Read, e3, machine, of_e3
from tests.people import Estate


def test_a_market_is_where_a_customer_is(market: Connection, estate: Estate) -> None:
    rows = Shelf.objects.filter(connection=market)
    assert set(rows.values_list("market", "view")) == {("FR", view) for view in View.values}
    estate.direct.country = "BE"
    estate.direct.save()
    hooks.changed("customers", market, [estate.direct.pk, estate.of_fabrikam.pk])
    assert rows.count() == 2 * len(View.values)
    assert aging.mark(market, families.get(PRODUCTS)) == rows.count()
    assert not Shelf.objects.filter(connection=estate.other).exists()


def test_products_skus_and_availabilities_are_mirrored(
    stocked: Connection, upstream: Upstream, read: Read
) -> None:
    product, one = e3(), of_e3()
    assert (product.market, product.view, product.segments) == (
        "FR",
        View.ONLINE_SERVICES,
        ["commercial"],
    )
    student = Product.objects.get(shelf=SEATS, pc_id="CFQ7TTC0LHPL")
    assert student.segments == ["education"]
    both = Product.objects.get(shelf=SEATS, pc_id="CFQ7TTC0LCHC")
    assert both.segments == ["commercial", "nonprofit"]
    assert not Product.objects.filter(pc_id="EMU0O365G3GC").exists()
    assert (upstream.calls("LIST_PRODUCTS"), upstream.calls("LIST_SKUS")) == (5, 3)
    (sku,) = product.skus.all()
    assert (sku.minimum, sku.is_add_on, sku.billing_cycles) == (1, False, ["annual", "monthly"])
    assert (one.sku, one.product_id, one.currency) == (sku, product.pk, "EUR")
    assert one.catalog_item_id == f"CFQ7TTC0LF8R:0001:{one.pc_id}"
    assert (one.durations, one.cycles) == (["P1M", "P1Y"], ["annual", "monthly"])
    assert one.terms[0]["refunds"] == [{"type": "full", "until": "P7D"}]
    assert machine().is_stocked
    assert machine().region == "westus2"
    read(stocked, SKUS, both.place)
    nonprofit = Sku.objects.get(product=both, pc_id="EMU1")
    read(stocked, AVAILABILITIES, nonprofit.below)
    assert nonprofit.availabilities.get().segment == "nonprofit"
    assert upstream.calls("LIST_AVAILABILITIES") == 4


def test_a_second_reading_changes_nothing_and_verify_finds_no_difference(
    stocked: Connection, read: Read
) -> None:
    def seen() -> list[object]:
        return [*Product.objects.order_by("pk").values_list("pk", "list_observed_at", "gone_at")]

    before = seen()
    read(stocked, PRODUCTS, SEATS)
    assert seen() == before

    def differences() -> list[tuple[str, str]]:
        with Pool(stocked, threads=1) as pool:
            verdicts = [
                verifying._verify(stocked, families.get(name), pool)
                for name in (PRODUCTS, SKUS, AVAILABILITIES)
            ]
        return [(v.family, one.column) for v in verdicts for one in v.differences or []]

    assert differences() == []
    Sku.objects.filter(pk=machine().pk).update(maximum=3)
    assert differences() == [(SKUS, "maximum")]


def test_what_a_market_does_not_name_any_more_is_gone_with_all_below(
    stocked: Connection, read: Read, monkeypatch
) -> None:
    kept = dict(shelves.products())
    del kept["CFQ7TTC0LF8R"]
    monkeypatch.setattr(shelves, "products", lambda: kept)
    read(stocked, PRODUCTS, SEATS)
    assert Product.objects.get(pc_id="CFQ7TTC0LF8R").gone_at
    assert not Sku.objects.filter(place=E3, gone_at=None).exists()
    assert not Availability.objects.filter(place__startswith=E3, gone_at=None).exists()
    assert machine().gone_at is None


def test_age_reads_below_what_is_there(stocked: Connection) -> None:
    live = Product.objects.filter(gone_at=None).count()
    marked = aging.mark_due(stocked, {PRODUCTS, SKUS, AVAILABILITIES})
    assert marked[SKUS] == live - 2
    assert marked[PRODUCTS] == len(View.values) - 2
    assert not DirtyMark.objects.filter(family=SKUS, parent=E3).exists()
    mark_gone(families.get(SKUS), stocked, [f"{E3}|0001"], observed_at=stocked.now())
    assert not Availability.objects.filter(place__startswith=E3, gone_at=None).exists()


def test_the_documented_examples_become_columns(estate: Estate) -> None:
    def columns(name, make, parent):
        body = load(DATA / "examples" / f"{name}.json")["response"]["body"]
        now = estate.connection.now()
        return make(body, Reading(connection=estate.connection, observed_at=now, parent=parent))

    found = columns("get-a-product-by-id", mapping.product, "US/MicrosoftAzure")
    assert found["product_type"] == "Azure"
    assert found["product_subtype"] == "VirtualMachines"
    found = columns("get-a-sku-by-id", mapping.sku, "US/AzureReservations/DZH318Z0BQ3V")
    assert found["inventory_variables"] == ["CustomerId", "AzureSubscriptionId"]
    assert (found["maximum"], found["region"], found["is_trial"]) == (999999999, "westus2", False)
    place = "US/AzureReservations/DZH318Z0BQ3Q/0001"
    found = columns("get-an-availability-by-id", mapping.availability, place)
    assert found["catalog_item_id"] == "DZH318Z0BQ3Q:0001:DZH318XZXPHL"
    assert (found["sku_pc_id"], found["durations"], found["segment"]) == (
        "0001",
        ["P1Y"],
        "commercial",
    )


def test_an_item_is_read_again_before_it_is_bought(
    stocked: Connection, upstream: Upstream, monkeypatch
) -> None:
    one = of_e3()
    Availability.objects.filter(pk=one.pk).update(currency="CHF", list_digest=b"")
    found = rereading.reread(upstream.client, stocked, "FR", one.catalog_item_id)
    assert found is not None
    assert (found.pk, found.currency) == (one.pk, "EUR")
    new = rereading.reread(upstream.client, stocked, "FR", "DZH318Z0BPS6:0001:DZH318Z0BML6")
    assert new is not None
    assert (new.pk, new.currency) == (None, "EUR")
    kept = dict(shelves.products())
    del kept["CFQ7TTC0LF8R"]
    monkeypatch.setattr(shelves, "products", lambda: kept)
    assert rereading.reread(upstream.client, stocked, "FR", one.catalog_item_id) is None
    one.refresh_from_db()
    assert one.gone_at is not None
