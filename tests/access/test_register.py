"""Whatever opens a way in stands in the register, and so in the matrix; what does not is red."""

from importlib import import_module
from pkgutil import walk_packages

from django.contrib import admin
from django.urls import URLResolver, get_resolver

from reports import access
from tests.access import naive
from tests.access.people import TABLES
from tests.access.register import API, DESK, OUTSIDE, SERVICES
from tests.api.test_every_route import ROUTES

ROOMS = ("accounts", "notifications", "reports", "sapr")


def addresses(resolver=None, before: str = "") -> set[tuple[str, str | None]]:
    """(address, name) of every URL pattern of the project."""
    found = set()
    for each in (resolver or get_resolver()).url_patterns:
        address = before + str(each.pattern)
        found |= addresses(each, address) if isinstance(each, URLResolver) else {(address, each.name)}
    return found


def test_every_address_stands_in_the_register():
    for address, name in addresses():
        if address.startswith("api/v1/"):
            continue
        assert address in OUTSIDE or name in DESK, (
            f"{address} ({name}) has no line in tests/access/register.py"
        )


def test_every_page_of_the_register_exists():
    assert set(DESK) - {each.name for each in admin.site.get_urls()} == set()


def test_every_operation_of_the_api_stands_in_the_register():
    served = {(route.method, route.path.split("?")[0]) for route in ROUTES}
    assert set(API) == served


def test_every_service_stands_in_the_register():
    marked = set()
    for room in ROOMS:
        package = import_module(room)
        names = [each.name for each in walk_packages(package.__path__, f"{room}.")]
        for name in names:
            if ".migrations" in name or ".management" in name or name in ("sapr.wsgi", "sapr.worker"):
                continue
            module = import_module(name)
            marked |= {
                f"{value.__module__}.{value.__qualname__}"
                for value in vars(module).values()
                if getattr(value, "is_service", False)
            }
    assert marked == set(SERVICES)


def test_every_verb_and_object_of_the_register_is_one_of_the_rows():
    verbs, objects = naive.words("access_verbs"), naive.words("access_objects")
    for way in (*DESK.values(), *API.values(), *SERVICES.values()):
        asked = [way.needs, *(part[0] for part in (way.on, way.shows) if part)]
        assert {verb for each in asked for verb in each.split()} <= set(verbs)
        assert {part[1] for part in (way.on, way.shows) if part} <= set(objects)
    assert {name for name, each in objects.items() if each["of_case"]} <= set(TABLES)


def test_every_verb_of_before_is_granted_to_the_same_roles():
    """The roles that stood in the code before these rows did."""
    workers, sarc, manager = {"sarc", "sapr_va"}, {"sarc"}, {"programme_manager"}
    everybody = {"sarc", "sapr_va", "senior_commander", "unit_commander", "mcio", "programme_manager"}
    askers = everybody | {"evidence_custodian"}
    before = {
        "open_contact": workers, "case_view": workers, "case_work": workers, "sign": workers,
        # Since a conversion is sealed to what its SARC was shown it is that person's alone.
        "convert": sarc,
        "assign_va": sarc, "release_notice": sarc, "discharge_duty": workers, "counts": sarc,
        "manage_staff": manager, "change_policy": manager, "see_policy": workers | manager,
        "read_inbox": everybody, "ask_rules": askers,
    }  # fmt: skip
    assert {verb: set(access.VERBS[verb]) for verb in before} == before
