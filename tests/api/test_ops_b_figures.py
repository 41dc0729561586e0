"""By REST as by the desk: exports by two persons, fetched once; jobs; figures."""

from datetime import timedelta

from reports import access
from reports.exports.models import ExportPart
from reports.ledger.models import Event
from sapr import clock
from tests.api.beside import same
from tests.api.door import Door, refused
from tests.figures.conftest import Reader
from tests.signed_in import signed_in
from tests.times import T0


def test_an_export_is_asked_approved_made_and_fetched_once(world):
    case, reader = world.signed("restricted").case, Reader()
    sarc, manager, client = Door(world.sarc), Door(world.manager), signed_in(world.sarc)
    wanted = {"purpose": "checking", "fields": ["number", "election"], "recipient": reader.public}
    desk = wanted | {"fields_": wanted["fields"], "opened_from": "2026-01-01"}
    same(
        world,
        lambda: sarc.done("exports/ask", wanted | {"opened_from": "2026-01-01"}, 201),
        lambda: client.post("/admin/exports/new/", desk),
        "sarc", "manager",
    )  # fmt: skip
    refused(sarc.post("exports/ask", wanted | {"fields": ["name"]}), 422, "unknown_value")
    refused(sarc.post("exports/ask", wanted | {"fields": []}), 422, "unknown_value")
    refused(sarc.post("exports/ask", wanted | {"opened_to": "9999-12-31"}), 422, "date_out_of_range")
    refused(sarc.post("exports/ask", wanted | {"recipient": "age1"}), 422, "bad_recipient")
    one = f"exports/{sarc.done('exports/ask', wanted, 201)['id']}"
    refused(sarc.post(f"{one}/make"), 409, "not_approved")
    assert [row["columns"] for row in manager.read("exports/waiting")["items"]] == [wanted["fields"]]
    assert manager.done(f"{one}/approve")["state"] == "approved"
    job = sarc.done(f"{one}/make", None, 201)
    assert (job["kind"], job["state"], job["total"]) == ("export", "queued", 1)
    assert sarc.read(one)["job"] == job["id"]
    assert sarc.done(f"jobs/{job['id']}/step")["state"] == "finished"
    refused(manager.get(f"jobs/{job['id']}"), 404, "not_found")
    assert (sarc.read(one)["lines"], manager.read(one)["lines"]) == (1, None)
    refused(manager.post(f"{one}/file"), 403, "not_your_role")
    file = sarc.post(f"{one}/file")
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/octet-stream", "no-store")
    assert case.number in reader.opens(file.content)
    refused(sarc.post(f"{one}/file"), 409, "nothing_to_fetch")
    assert [row["state"] for row in sarc.read("exports")["items"]] == ["downloaded"]
    with access.viewing(world.sarc):
        assert not ExportPart.objects.exists()
        assert Event.objects.filter(case_id=case.pk, kind="case_exported").count() == 1
    dsaid = {"purpose": "checking", "elements": ["report_date"], "form": "csv", "recipient": reader.public}
    sent = dsaid | {"opened_from": "2026-01-01"}
    same(
        world,
        lambda: sarc.done("exports/ask-dsaid", sent, 201),
        lambda: client.post("/admin/exports/dsaid/", sent),
        "sarc", "manager",
    )  # fmt: skip
    refused(sarc.post("exports/ask-dsaid", dsaid | {"elements": ["name"]}), 422, "unknown_value")
    whole = manager.done("exports/ask-everything", {"recipient": reader.public}, 201)
    assert (whole["kind"], whole["columns"]) == ("open", [])
    assert manager.done(f"exports/{whole['id']}/withdraw")["state"] == "withdrawn"
    # Taken back by who asked, refused by who decides, cancelled on the way.
    first, second = (f"exports/{sarc.done('exports/ask', wanted, 201)['id']}" for _ in range(2))
    assert sarc.done(f"{first}/withdraw")["state"] == "withdrawn"
    assert manager.done(f"{second}/refuse")["state"] == "refused"
    third = f"exports/{sarc.done('exports/ask', wanted, 201)['id']}"
    manager.done(f"{third}/approve")
    job = sarc.done(f"{third}/make", None, 201)
    assert sarc.done(f"jobs/{job['id']}/cancel")["state"] == "cancelled"
    refused(sarc.post(f"jobs/{job['id']}/cancel"), 409, "already_over")
    assert {row["state"] for row in sarc.read("jobs")["items"]} == {"cancelled", "finished"}


def test_figures_are_ones_own_and_those_of_installations_in_classes(world):
    world.signed("restricted")
    sarc, manager = Door(world.sarc), Door(world.manager)
    own = sarc.read("figures")
    assert own["load"] == [{"name": world.sarc.display_name, "restricted": 1, "unrestricted": 0, "other": 0}]
    assert len(own["months"]) == 12
    refused(manager.get("figures"), 403, "not_your_role")
    year = manager.done("figures/annual", {"fy": 2026})
    assert (year["restricted_initial"], year["complete"]) == (1, False)
    with access.viewing(world.manager):
        assert Event.objects.filter(kind="annual_counts_compiled").count() == 1
    refused(manager.post("figures/annual", {"fy": 1999}), 422, "no_such_year")
    clock.move(T0 + timedelta(days=70), hold=True)
    manager = Door(world.manager)
    ripe = manager.read("figures/quarters")["ripe"]
    client = signed_in(world.manager)
    same(
        world,
        lambda: manager.done("figures/quarters/ask", {"quarter": ripe[0]}, 201),
        lambda: client.post("/admin/figures/", {"quarter": ripe[0]}),
        "manager",
    )
    job = manager.done("figures/quarters/ask", {"quarter": ripe[0]}, 201)
    refused(manager.post("figures/quarters/ask", {"quarter": "2026-02-03"}), 422, "not_ripe")
    refused(manager.post("figures/quarters/ask", {"quarter": ripe[0]}), 409, "already_asked")
    assert manager.read(f"jobs/{job['id']}")["quarter"] == ripe[0]
    assert manager.done(f"jobs/{job['id']}/cancel")["state"] == "cancelled"
