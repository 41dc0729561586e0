"""The pages: the SARC sees both instants and records a call; the commander grants; who may not, does not."""

from datetime import timedelta

from notifications.acknowledging.models import Acknowledgement
from notifications.extensions.models import Extension, ExtensionGrant
from notifications.models import Notice
from reports import access
from sapr import clock
from tests.adoption.settings import approved, second_manager
from tests.inbox.test_even_inbox import put
from tests.signed_in import signed_in
from tests.times import T0

HOUR = timedelta(hours=1)


def test_the_sarc_sees_placed_and_acknowledged_and_records_a_call(world) -> None:
    put(world, 1)
    clock.move(T0 + 60 * HOUR, hold=True)
    sarc = signed_in(world.sarc)
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
    for address in (f"/admin/cases/{notice.case_id}/", f"/admin/notices/{notice.pk}/"):
        page = sarc.get(address).content.decode()
        assert 'data-test="placed-at"' in page
        assert "not yet: waits to be acknowledged" in page
    page = sarc.get("/admin/").content.decode()
    assert "The addressee of the notice acknowledges it." in page
    telephone = f"/admin/notices/{notice.pk}/telephone/"
    assert "Say only: a notice waits" in sarc.get(telephone).content.decode()
    assert sarc.post(telephone, {"at": "2026-03-04T10:00"}).status_code == 422
    sent = {"outcome": "reached", "at": "2026-03-04T10:00"}
    assert sarc.post(telephone, sent).status_code == 302
    page = sarc.get(f"/admin/notices/{notice.pk}/").content.decode()
    assert "told by telephone <time" in page
    assert 'data-test="telephone"' not in page
    with access.viewing(world.sarc):
        assert Acknowledgement.objects.get().over_at is not None
    # Before it was placed, nobody was to be called.
    assert sarc.post(telephone, sent).status_code == 409
    for other in (world.va, world.commander):
        assert signed_in(other).get(telephone).status_code in (403, 404)
    # The commander's own page knows the slot and no other time.
    inbox = signed_in(world.commander).get("/admin/inbox/").content.decode()
    assert inbox.partition("inbox-blank")[0].count("<time") == 1


def test_the_commander_grants_and_revokes_and_the_sarc_uses_it(world) -> None:
    approved(world, second_manager(world), profile="dated")
    manager, commander, sarc = (signed_in(each) for each in (world.manager, world.commander, world.sarc))
    assert (
        "None of your places is recorded as deployed" in commander.get("/admin/extensions/").content.decode()
    )
    place = {"do": "record", "location": str(world.installation.pk)}
    assert manager.post("/admin/deployments/", place).status_code == 302
    assert manager.post("/admin/deployments/", place).status_code == 409
    given = {
        "do": "grant", "post_id": str(world.posts["commander"].pk), "starts_at": "", "reason": "operations",
        "ends_at": "2026-03-20T12:00",
    }  # fmt: skip
    assert commander.post("/admin/extensions/", given | {"starts_at": "2026-03-01T09:00"}).status_code == 422
    assert commander.post("/admin/extensions/", given).status_code == 302
    with access.viewing(world.commander):
        grant = ExtensionGrant.objects.get()
    world.signed("restricted")
    assert b"Granted." in commander.get("/admin/extensions/").content
    before = commander.get("/admin/extensions/").content
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
    assert 'data-test="extend"' in sarc.get(f"/admin/notices/{notice.pk}/").content.decode()
    extend = f"/admin/notices/{notice.pk}/extend/"
    assert sarc.post(extend, {"reason": "medical"}).status_code == 422
    assert sarc.post(extend, {"reason": "medical", "deployed": "on"}).status_code == 302
    page = sarc.get(f"/admin/notices/{notice.pk}/").content.decode()
    assert 'data-test="extended"' in page
    assert 'data-test="extend"' not in page
    with access.viewing(world.sarc):
        assert Extension.objects.get().grant_id == grant.pk
    # What the commander sees of it: nothing (the form's tokens aside).
    after = commander.get("/admin/extensions/").content
    assert len(after) == len(before)
    assert b"medical" not in after
    assert commander.get(extend).status_code == 403
    revoke = {"do": "revoke", "id": str(grant.pk), "confirm": "on"}
    assert commander.post("/admin/extensions/", revoke).status_code == 302
    assert "Revoked" in commander.get("/admin/extensions/").content.decode()
    end = manager.get("/admin/deployments/").content.decode()
    assert "No longer deployed" in end
    for other in (sarc, signed_in(world.unit_commander)):
        assert other.get("/admin/extensions/").status_code == 403
        assert other.get("/admin/deployments/").status_code == 403
