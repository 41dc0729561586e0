"""`manage.py release`: lets a restored or imported database go on; until then nothing is placed and nothing sent."""

from sapr.commands import PlainCommand, add_json
from sapr.operating import upkeep

PREVIEW = [
    "This database was restored or imported and is on hold. Before it goes on, look whether it is the right one and",
    "whether the old one is truly gone: two that go on both place notices.",
    "When it goes on, every notice that is due and not placed in it is placed once, late ones first; rounds of mail",
    "from before are left out.",
    "To do it, type the same with --confirm",
]


class Command(PlainCommand):
    help = (
        "Let a restored or imported database go on: what is due is done from then on. Without --confirm it only says "
        "so."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--confirm", action="store_true", help="do it")
        add_json(parser)

    def handle(self, *args, confirm: bool, as_json: bool, **options) -> None:
        if confirm:
            upkeep.lift()
        held = upkeep.on_hold()
        said = PREVIEW if held else ["Nothing is on hold."]
        self.tell(
            {"on_hold": held, "lifted": confirm},
            ["The hold is lifted."] if confirm else said,
            as_json=as_json,
        )
