"""`manage.py walkthrough restricted|unrestricted`: the page's worked examples, replayed and checked."""

import json
import signal
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from sapr.commands import PlainCommand, add_json
from sapr.rehearsal import rehearsal_database
from sapr.walkthrough import script as scripts
from sapr.walkthrough import telling
from sapr.walkthrough.replay import Replay

FILES = Path(settings.BASE_DIR) / "fixtures" / "walkthrough"


class Command(PlainCommand):
    help = "Replay one of the two worked examples, step by step, in a throw-away rehearsal database."

    def add_arguments(self, parser) -> None:
        parser.add_argument("story", choices=sorted(scripts.SENTENCES))
        parser.add_argument(
            "--steps", type=Path, help="another file of steps than fixtures/walkthrough/STORY.json"
        )
        add_json(parser)

    def handle(self, *args, story: str, steps: Path | None, as_json: bool, **options) -> None:
        script = scripts.load(steps or FILES / f"{story}.json", story)
        if script.unanswered():
            result = telling.unanswered(script)
        else:
            staff = json.loads((FILES / "staff.json").read_text(encoding="utf-8"))
            # An end by SIGTERM drops the databases too.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with rehearsal_database():
                replay = Replay(script, staff)
                replay.run()
                result = telling.document(replay)
        self.tell(result, list(telling.lines(result)), as_json=as_json)
        if not result["ok"]:
            raise CommandError(f"The {story} walkthrough failed: {result['problems'][0]}")
