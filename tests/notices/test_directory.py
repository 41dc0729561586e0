"""The posts of a notice are asked for at once; the answer is the directory's, whoever holds what until when."""

from datetime import timedelta

from accounts.directory import Directory
from accounts.models import Appointment, Certification, Location, LocationKind, Post, Role
from accounts.selectors import holders_of, post_at
from tests.factories import AppointmentFactory, PostFactory, UserFactory
from tests.times import T0

ROLES = [Role.SENIOR_COMMANDER, Role.MCIO, Role.SARC, Role.VA, Role.PROGRAMME_MANAGER]


def asked(world, at=T0, **more) -> Directory:
    named = [str(world.posts[name].pk) for name in ("unit_commander", "stranger")]
    return Directory.ask(world.installation.pk, roles=ROLES, named=named, at=at, **more)()


def same(world, at=T0) -> None:
    """Every post that was asked for, its place, its holders and its ladder, as the selectors say them."""
    held = asked(world, at)
    camp = world.installation
    for role in ROLES:
        assert held.here(role) == post_at(camp, role)
        above = post_at(camp.parent, role)
        assert list(held.above(role)) == ([above] if above else [])
        assert held.nearest(role) == getattr(post_at(camp, role) or above, "pk", None)
    for post in Post.objects.select_related("location").exclude(
        location__name="Fort Elsewhere", role="senior_commander"
    ):
        found = held.post(str(post.pk))
        assert found == post
        for name in ("id", "kind", "name", "zone", "parent_id"):
            assert getattr(found.location, name) == getattr(post.location, name)
        assert held.holders(found) == set(holders_of(post, at).values_list("pk", flat=True)), post.title
        ladder = [post]
        while ladder[-1].next_higher:
            ladder.append(ladder[-1].next_higher)
        assert held.ladder(found) == ladder


def test_posts_places_holders_and_ladders_are_those_of_the_directory(world) -> None:
    same(world)
    # Over, not yet, not approved, locked out, and without a certificate.
    Appointment.objects.filter(user=world.commander).update(ends_at=T0)
    AppointmentFactory(post=world.posts["mcio"], starts_at=T0 + timedelta(seconds=1))
    second = UserFactory()
    AppointmentFactory(post=world.posts["higher"], user=second)
    AppointmentFactory(post=world.posts["unit_commander"], user=second)
    type(second).objects.filter(pk=world.mcio.pk).update(is_active=False)
    Certification.objects.filter(user=world.va).update(revoked_at=T0)
    same(world)
    held = asked(world)
    assert not held.holders(held.here(Role.SENIOR_COMMANDER))
    assert not held.holders(held.here(Role.MCIO))
    assert held.holders(held.here(Role.VA)) == {world.other_va.pk}
    assert held.holders(held.post(str(world.posts["unit_commander"].pk))) == {
        world.unit_commander.pk,
        second.pk,
    }
    ladder = held.ladder(held.here(Role.SENIOR_COMMANDER))
    assert held.first_held(ladder) == world.posts["higher"]
    assert held.first_held(ladder[:1]) == world.posts["commander"]
    same(world, T0 + timedelta(days=2000))


def test_a_role_is_looked_for_anywhere_only_where_none_is_near(world) -> None:
    far = Location.objects.create(kind=LocationKind.COMMAND, name="A Far Command", zone="UTC")
    first = PostFactory(location=far, role=Role.EVIDENCE_CUSTODIAN, title="A")
    PostFactory(location=world.posts["stranger"].location, role=Role.EVIDENCE_CUSTODIAN, title="B")
    PostFactory(location=far, role=Role.SARC, title="0")
    wanted = [Role.SARC, Role.EVIDENCE_CUSTODIAN, Role.PROGRAMME_MANAGER]
    held = Directory.ask(world.installation.pk, roles=wanted, anywhere=wanted, at=T0)()
    assert held.nearest(Role.EVIDENCE_CUSTODIAN) == first.pk
    assert held.here(Role.EVIDENCE_CUSTODIAN) is None
    assert held.nearest(Role.SARC) == world.posts["sarc"].pk
    assert held.nearest(Role.PROGRAMME_MANAGER) == world.posts["manager"].pk
    assert held.nearest(Role.MCIO) is None
    assert held.post("") is None
    assert held.holders(None) == frozenset()
