"""What the database refuses of clients and keys, for raw SQL by the web role too."""

from accounts.clients.models import Client, ClientKey
from reports import access
from tests.clients.systems import made
from tests.database.refusals import refused as database_refuses
from tests.people.rights import run
from tests.times import T0

NEW_KEY = (
    "INSERT INTO accounts_clientkey (id, client_id, places, rooms, verbs, fields, valid_days, state,"
    " prefix, follows_id, proposed_by_id, decided_by_id, proposed_at, key_hash, expires_at, fingerprint)"
    " SELECT gen_random_uuid(), client_id, {places}, {rooms}, {verbs}, fields, {valid_days}, {state}, 'x',"
    " {follows_id}, {proposed_by_id}, {decided_by_id}, now(), {key_hash}, {expires_at}, {fingerprint}"
    " FROM accounts_clientkey WHERE id = %s"
)
AS_IT_WAS = {
    "places": "places", "rooms": "rooms", "verbs": "verbs", "valid_days": "valid_days", "fingerprint": "NULL",
    "follows_id": "NULL", "state": "'approved'", "proposed_by_id": "NULL", "decided_by_id": "NULL",
    "key_hash": "sha256('another'::bytea)", "expires_at": "expires_at",
}  # fmt: skip


def test_the_database_refuses_what_is_no_key(world):
    """Raw SQL of the web role, without a viewer as the command line has none."""
    row, _ = made(world, world.sarc)
    for changed, words in (
        ({"key_hash": "NULL"}, "in_use_is_hashed_and_ends"),
        ({"expires_at": "NULL"}, "in_use_is_hashed_and_ends"),
        ({"key_hash": "'saprc_in_clear'::bytea"}, "digests"),
        ({"expires_at": "expires_at + interval '1 second'"}, "lives as long"),
        ({"valid_days": "366"}, "lives_a_year"),
        ({"fingerprint": "'short'::bytea"}, "digests"),
        ({"places": "'{}'"}, "scope"),
        ({"rooms": "'{}'"}, "scope"),
        ({"rooms": "'{../x}'"}, "scope"),
        ({"verbs": "'{admin}'"}, "scope"),
        ({"places": "ARRAY[gen_random_uuid()]"}, "for installations or commands"),
        ({"proposed_by_id": f"'{world.manager.pk}'"}, "in one's own name"),
        ({"follows_id": "id", "rooms": "'{inbox}'"}, "has its scope"),
        ({"follows_id": "gen_random_uuid()"}, "follows one in use"),
    ):
        with database_refuses(words):
            run(NEW_KEY.format(**(AS_IT_WAS | changed)), row.pk)
    run(NEW_KEY.format(**AS_IT_WAS | {"follows_id": "id"}), row.pk)
    with database_refuses("follows_id"):
        run(NEW_KEY.format(**AS_IT_WAS | {"follows_id": "id", "key_hash": "sha256('5')"}), row.pk)
    # In anybody's name: a manager proposes only, and nobody else anything.
    for person in (world.manager, world.sarc, world.va):
        own = {
            "proposed_by_id": f"'{person.pk}'",
            "decided_by_id": f"'{person.pk}'",
            "key_hash": "sha256('3')",
        }
        with access.viewing(person), database_refuses("proposed by a programme manager"):
            run(NEW_KEY.format(**(AS_IT_WAS | own)), row.pk)


def test_the_database_keeps_a_key_as_it_was_proposed(world):
    row, _ = made(world, world.sarc)
    ClientKey.objects.filter(pk=row.pk).update(last_used_on=T0.date())
    for column in (
        "places",
        "rooms",
        "verbs",
        "fields",
        "fingerprint",
        "valid_days",
        "client_id",
        "follows_id",
    ):
        with database_refuses("permission denied"):
            run(f"UPDATE accounts_clientkey SET {column} = {column}")  # noqa: S608  names of ours
    for change in (
        "expires_at = expires_at + interval '1 second'",
        "key_hash = sha256('other'::bytea)",
        "prefix = 'other'",
        "state = 'refused', key_hash = NULL, expires_at = NULL",
        "last_used_on = last_used_on - 1",
        "last_used_on = last_used_on + 1",
        "decided_at = now()",
    ):
        with database_refuses("only ever used and ended"):
            run(f"UPDATE accounts_clientkey SET {change}")  # noqa: S608  words of ours
    run("UPDATE accounts_clientkey SET expires_at = expires_at - interval '1 hour', revoked_at = now()")
    for change in ("revoked_at = NULL", "expires_at = expires_at - interval '1 hour'"):
        with database_refuses("only ever used and ended"):
            run(f"UPDATE accounts_clientkey SET {change}")  # noqa: S608  words of ours
    for table in ("accounts_client", "accounts_clientkey", "accounts_pace"):
        with database_refuses("permission denied"):
            run(f"DELETE FROM {table}")  # noqa: S608  names of ours
    with database_refuses("permission denied"):
        run("SELECT * FROM accounts_pace")


def test_the_database_lets_nobody_but_managers_make_clients(world):
    row, _ = made(world, world.sarc)
    with access.viewing(world.va):
        with database_refuses("made by a programme manager"):
            Client(name="X", user=world.sarc, made_by=world.va, made_at=T0).save(force_insert=True)
        with database_refuses("only a programme manager"):
            Client.objects.filter(pk=row.client_id).update(per_minute=1)
    with access.viewing(world.manager), database_refuses("not_of_its_maker"):
        Client(name="X", user=world.manager, made_by=world.manager, made_at=T0).save(force_insert=True)
    with access.viewing(world.sarc):
        run("SELECT set_config('sapr.client', %s, true)", str(row.pk))
        with database_refuses("makes and ends no client"):
            Client.objects.filter(pk=row.client_id).update(ended_at=T0)
        run("SELECT set_config('sapr.client', '', true)")
        # The person in whose name it acts ends it.
        assert Client.objects.filter(pk=row.client_id).update(ended_at=T0) == 1
        with database_refuses("stays as it is"):
            Client.objects.filter(pk=row.client_id).update(ended_at=None)
