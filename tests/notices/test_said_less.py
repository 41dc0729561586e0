"""DN-25: how often SARCs say less than they could is watched, so that a coarser notice is no sign of its case."""

from notifications.decisions import digest_of
from notifications.services import notice_release
from tests.desk.conftest import text as page_text
from tests.notices.release import release
from tests.notices.test_words import imported, notice_of
from tests.signed_in import signed_in
from tests.times import T0


def test_the_share_that_sarcs_made_coarser_is_watched_beside_the_draws(world, monkeypatch) -> None:
    """DN-25: a programme manager sees both on *Strength*, and that SARCs outdo the draw; nobody else sees it."""
    imported(world, 400)
    draws = iter((0.9, 0.9, 0.0, 0.9))
    monkeypatch.setattr("notifications.compose.draw", lambda: next(draws))
    notices = [notice_of(world, world.signed("restricted")) for _ in range(4)]
    for number, notice in enumerate(notices):
        less = notice.choices[0]["text"] if number == 0 else notice.wording
        if number < 3:
            notice_release(
                actor=world.sarc, notice_id=notice.pk, minimal=False, bytes_seen=digest_of(less), at=T0
            )
    client = signed_in(world.manager)
    shown = page_text(client.get("/admin/strength/"))
    assert "Of 3 notices released" in shown
    assert "1 was made coarser by the draw (rule DN-25: 20 in a hundred) and 1 by its SARC" in shown
    assert "more often than the draw" in shown
    release(world.sarc, notices[3], minimal=True)
    assert "and 2 by their SARCs" in page_text(client.get("/admin/strength/"))
    assert "How often less was said" not in page_text(signed_in(world.sarc).get("/admin/strength/"))
