"""The policy settings at the desk: read, propose with a preview, decide as the second person."""

import re
from datetime import date
from uuid import uuid4

import pytest

from reports import access
from reports.adoption.models import ChangeKind, ChangeState, PolicyChange
from reports.adoption.services import change_propose
from sapr.desk.words import label
from sapr.startup import verify
from tests.adoption.settings import RS_2024, approved, made_manager, minutes, second_manager
from tests.desk.conftest import once_token, text
from tests.desk.test_access import POLICY_PAGES
from tests.times import T0

HOME = "/admin/policy/"
ADOPTION = "/admin/policy/adoption/"
ARMY = {"service": "army", "rule_set": "RS-2024", "starts_on": "2025-01-01"}


@pytest.fixture
def second(world):
    return second_manager(world)


@pytest.fixture
def manager(world, sign_in):
    return sign_in(world.manager)


def states() -> list[str]:
    return list(PolicyChange.objects.order_by("proposed_at", "id").values_list("state", flat=True))


def test_who_reads_and_who_changes(world, second, sign_in):
    change = change_propose(actor=world.manager, at=T0, profile="dated")
    pages = (*POLICY_PAGES, f"{HOME}changes/{change.pk}/")
    wanted = {
        "manager": [200, 200, 200, 200],
        "sarc": [200, 403, 403, 403],
        "va": [200, 403, 403, 403],
        "commander": [403] * 4,
        "mcio": [403] * 4,
    }
    found = {who: [sign_in(getattr(world, who)).get(page).status_code for page in pages] for who in wanted}
    # The only other profile waits already: the page says so.
    wanted["manager"][1] = 409
    assert found == wanted
    assert sign_in(world.manager).get(f"{HOME}changes/{uuid4()}/").status_code == 404


def test_a_sarc_sees_what_is_in_force_since_when_and_by_whom_and_no_proposals(world, second, sarc):
    assert "Since the beginning; nobody has changed it." in text(sarc.get(HOME))
    approved(world, second, profile="dated")
    approved(world, second, **RS_2024)
    change_propose(actor=world.manager, at=T0, profile="seed")
    page = text(sarc.get(HOME))
    assert re.search(r'data-test="profile-name">dated rules<', page)
    assert f"Proposed by {world.manager.display_name}, approved by {second.display_name}" in page
    assert "1 January 2025" in page
    # Under the dated rules nothing gives way.
    assert 'data-test="idle"' in page
    for hidden in ('data-test="waiting"', 'data-test="decided"', 'data-test="propose-profile"'):
        assert hidden not in page


def test_a_profile_is_proposed_with_its_meaning_and_approved_by_another(world, second, manager, sign_in):
    page = text(manager.get("/admin/policy/profile/"))
    assert 'data-test="differences"' in page
    for told in ("EL-08", "EL-06", "CN-1", "For every Service, from its approval on"):
        assert told in page
    unread = manager.post("/admin/policy/profile/", {"profile": "dated"})
    assert unread.status_code == 422
    assert 'data-test="differences"' in text(unread)
    assert states() == []
    done = manager.post("/admin/policy/profile/", {"profile": "dated", "confirm": "on"}, follow=True)
    assert "Nothing changes until another programme manager approves it." in text(done)
    assert 'data-test="waiting-row"' in text(done)
    url = f"{HOME}changes/{PolicyChange.objects.get().pk}/"
    assert "You can only take it back." in text(manager.get(url))

    other = sign_in(second)
    assert "Read and decide" in text(other.get(HOME))
    assert "You are the second person." in text(other.get(url))
    for unsure in ({}, {"confirm": "on"}, {"decision": "approve"}, {"decision": "maybe", "confirm": "on"}):
        assert other.post(url, unsure).status_code == 422
    assert states() == ["proposed"]
    done = other.post(url, {"decision": "approve", "confirm": "on"}, follow=True)
    assert "From this moment on it counts." in text(done)
    assert 'data-test="profile-name">dated rules<' in text(done)
    assert states() == ["approved"]
    assert 'data-test="form"' not in text(other.get(url))
    again = other.post(url, {"decision": "refuse", "confirm": "on"})
    assert again.status_code == 409
    assert "decided in the meantime" in text(again)


def test_an_adoption_is_looked_at_before_it_is_proposed(world, manager):
    assert 'data-test="meant"' not in text(manager.get(ADOPTION))
    page = text(manager.get(ADOPTION, ARMY))
    assert "For the Army, for forms signed from 1 January 2025 on" in page
    [row] = re.findall(r'<tr data-test="difference">.*?</tr>', page, re.DOTALL)
    assert "RS-SEED EL-08" in row
    assert "RS-2024 EL-08" in row
    assert states() == []
    done = manager.post(ADOPTION, ARMY | {"confirm": "on", "once": once_token(manager.get(ADOPTION, ARMY))})
    assert done.status_code == 302
    assert states() == ["proposed"]
    assert "Army adopts RS-2024 from 1 January 2025 on" in text(manager.get(HOME))


def test_an_adoption_under_the_dated_rules_says_that_it_changes_nothing(world, second, manager):
    approved(world, second, profile="dated")
    assert 'data-test="no-difference"' in text(manager.get(ADOPTION, ARMY))


def test_sent_twice_it_is_proposed_once(world, manager):
    data = ARMY | {"confirm": "on", "once": once_token(manager.get(ADOPTION, ARMY))}
    assert manager.post(ADOPTION, data).status_code == 302
    assert "nothing was done twice" in text(manager.post(ADOPTION, data, follow=True))
    assert states() == ["proposed"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"service": "moon_force"}, 422, "service"),
        ({"service": ""}, 422, "service"),
        ({"rule_set": "RS-SEED"}, 422, "rule_set"),
        ({"rule_set": "<script>alert(1)</script>"}, 422, "rule_set"),
        ({"starts_on": "2024-07-18"}, 422, "starts_on"),
        ({"starts_on": "2004-12-31"}, 422, "starts_on"),
        ({"starts_on": "9001-01-01"}, 422, "starts_on"),
        ({"starts_on": "tomorrow"}, 422, "starts_on"),
        ({"starts_on": "99999-01-01"}, 422, "starts_on"),
        ({"starts_on": "x" * 2000}, 422, "starts_on"),
        ({"starts_on": ""}, 422, "starts_on"),
    ],
)
def test_a_choice_that_means_nothing_is_refused_at_its_field(world, manager, method, changed, status, field):
    answer = getattr(manager, method)(ADOPTION, ARMY | {"confirm": "on"} | changed)
    assert answer.status_code == status
    assert f'href="#id_{field}"' in text(answer)
    assert 'data-test="meant"' not in text(answer)
    assert "<script>alert(1)" not in text(answer)
    assert states() == []


@pytest.mark.parametrize("profile", ["seed", "moonlight", "", "x" * 500_000])
def test_a_profile_that_is_none_is_refused(world, manager, profile):
    answer = manager.post("/admin/policy/profile/", {"profile": profile, "confirm": "on"})
    assert answer.status_code == 422
    assert states() == []


def test_the_proposer_takes_it_back_and_cannot_approve_it(world, second, manager):
    change = change_propose(actor=world.manager, at=T0, profile="dated")
    url = f"{HOME}changes/{change.pk}/"
    assert manager.post(url, {}).status_code == 422
    done = manager.post(url, {"confirm": "on"}, follow=True)
    assert "It is withdrawn." in text(done)
    assert states() == ["withdrawn"]


def test_the_proposers_forged_approval_approves_nothing(world, second, manager):
    change = change_propose(actor=world.manager, at=T0, profile="dated")
    for decision in ("approve", "refuse"):
        answer = manager.post(f"{HOME}changes/{change.pk}/", {"decision": decision, "confirm": "on"})
        assert answer.status_code == 409
        assert "Another programme manager must decide what you proposed." in text(answer)
    assert states() == ["proposed"]


def test_an_account_that_the_proposer_made_is_told_that_it_cannot_decide(world, manager, sign_in):
    puppet = made_manager(world, "puppet", by=world.manager)
    change = change_propose(actor=world.manager, at=T0, profile="dated")
    url = f"{HOME}changes/{change.pk}/"
    assert "there is no other programme manager" in text(manager.get(url))
    other = sign_in(puppet)
    page = text(other.get(url))
    assert 'data-test="not-second"' in page
    assert 'data-test="form"' not in page
    assert other.post(url, {"decision": "approve", "confirm": "on"}).status_code == 409
    assert states() == ["proposed"]


@pytest.fixture
def gone(world, second):
    """A profile in force and another proposed whose folder is gone, and an adopted rule set of it."""
    for word, row in (
        ("moonlight", {"profile": "moonlight"}),
        ("", {"service": "navy", "rule_set": "MO-2030", "starts_on": date(2025, 1, 1)}),
    ):
        kind = ChangeKind.PROFILE if word else ChangeKind.ADOPTION
        with access.viewing(world.manager):
            change = PolicyChange.objects.create(kind=kind, proposed_by=world.manager, proposed_at=T0, **row)
        with access.viewing(second):
            rows = PolicyChange.objects.filter(pk=change.pk)
            rows.update(state=ChangeState.APPROVED, decided_by=second, decided_at=T0)
    with access.viewing(world.manager):
        return PolicyChange.objects.create(
            kind=ChangeKind.PROFILE, profile="starlight", proposed_by=world.manager, proposed_at=T0
        )


def test_pages_show_settings_that_the_rules_do_not_know(world, second, gone, manager, sarc, sign_in):
    for reader in (manager, sarc):
        page = text(reader.get(HOME))
        assert "The rules in use do not know the profile moonlight." in page
        assert "MO-2030" in page
    for page in (f"/admin/policy/profile/?profile={name}" for name in ("seed", "dated")):
        answer = manager.get(page)
        assert answer.status_code == 200
        assert 'data-test="unknown"' in text(answer)
    assert manager.get(ADOPTION, ARMY).status_code == 200
    other = sign_in(second)
    url = f"{HOME}changes/{gone.pk}/"
    assert "do not know the profile moonlight, starlight" in text(other.get(url))
    assert other.post(url, {"decision": "approve", "confirm": "on"}).status_code == 422


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_process_does_not_start_under_settings_that_the_rules_do_not_know(world, gone, settings, role):
    settings.ROLE = role
    with pytest.raises(SystemExit) as refusal:
        verify()
    assert [line for line in str(refusal.value).splitlines() if line.startswith("sapr.E006")] == [
        "sapr.E006: The policy settings name what the rules in use do not know: profile moonlight, "
        "rule set MO-2030. Name the folder that holds them in SAPR_POLICY_DIRECTORY."
    ]


def test_who_is_alone_is_told_so(world, manager):
    change = change_propose(actor=world.manager, at=T0, profile="dated")
    assert "there is no other programme manager" in text(manager.get(f"{HOME}changes/{change.pk}/"))


def test_today_counts_what_waits(world, manager):
    change_propose(actor=world.manager, at=T0, profile="dated")
    page = re.sub(r"\s+", " ", text(manager.get("/admin/")))
    assert ">Policy changes that wait for a second person</a></dt><dd>1</dd>" in page


def test_the_pages_are_strict_labelled_and_have_each_id_once(world, second, manager, sign_in):
    approved(world, second, **RS_2024 | {"service": "navy"})
    change = change_propose(actor=world.manager, at=T0, **RS_2024)
    url = f"{HOME}changes/{change.pk}/"
    answers = [manager.get(page) for page in (*POLICY_PAGES, url)]
    answers += [manager.get(ADOPTION, ARMY | {"service": "usmc"}), sign_in(second).get(url)]
    for answer in answers:
        page = text(answer)
        assert answer.status_code == 200, page
        assert "no-store" in answer["Cache-Control"]
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
            if 'type="hidden"' not in control:
                assert f'for="{re.search(r"id=.([^ ]+?).[ >]", control)[1]}"' in page
        for described in re.findall(r'aria-describedby="([^"]+)"', page):
            assert set(described.split()) <= set(ids)


def test_options_decided_under_other_settings_say_so(world, second, sarc):
    case = world.decided(facts={"statuses": ["dod_civilian"], "age": 40, "service": "army"})
    url = f"/admin/cases/{case.pk}/options/"
    page = text(sarc.get(url))
    assert 'data-test="setting">setting: founding page<' in page
    assert 'data-test="outdated"' not in page
    approved(world, second, minutes(1), **RS_2024)
    assert 'data-test="outdated"' in text(sarc.get(url))
    sarc.post(
        f"/admin/cases/{case.pk}/questions/", {"statuses": ["dod_civilian"], "age": "40", "service": "army"}
    )
    page = text(sarc.get(url))
    assert 'data-test="setting">setting: founding page, RS-2024 adopted by the Service<' in page
    assert 'data-test="outdated"' not in page


def test_every_profile_of_the_policy_has_plain_words():
    from reports.adoption.meaning import profiles

    assert {label(name) for name in profiles()} >= {"founding page", "dated rules"}
