"""Factories for staff. Cases are made through the services, as people make them (see `world`)."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from accounts.models import (
    CERTIFIED_ROLES,
    Appointment,
    Certification,
    Location,
    LocationKind,
    Post,
    Role,
    User,
)
from tests.times import T0


class UserFactory(DjangoModelFactory):
    """A member of staff with the password `PASSWORD`."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    display_name = factory.Sequence(lambda n: f"Invented Person {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@staff.invalid")
    # An unusable password: tests sign in by `force_login`; hashing costs a tenth of a second.
    password = "!"


class InstallationFactory(DjangoModelFactory):
    class Meta:
        model = Location

    kind = LocationKind.INSTALLATION
    name = factory.Sequence(lambda n: f"Camp Invented {n}")
    zone = "America/New_York"


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    location = factory.SubFactory(InstallationFactory)
    role = Role.SARC
    title = factory.LazyAttribute(lambda post: f"{Role(post.role).label}, {post.location.name}")


class AppointmentFactory(DjangoModelFactory):
    """In force since thirty days before T0, as the system makes it; a SARC or SAPR VA gets a certification too.

    `certified=False`: without one.
    """

    class Meta:
        model = Appointment
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    post = factory.SubFactory(PostFactory)
    starts_at = T0 - timedelta(days=30)

    @factory.post_generation
    def certified(self, create, extracted, **kwargs) -> None:
        if extracted is not False and self.post.role in CERTIFIED_ROLES:
            Certification.objects.get_or_create(
                user=self.user,
                defaults={"starts_at": T0 - timedelta(days=400), "ends_at": T0 + timedelta(days=4000)},
            )
