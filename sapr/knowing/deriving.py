"""From acts to lines: who came to know what, when, by which act and by which rules."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from reports import policy
from reports.casework.models import CaseRole
from sapr.knowing.acts import Act
from sapr.knowing.directory import Directory
from sapr.knowing.lines import NEED, Cited, Line, Who, body, cited, labels, seen_by
from sapr.knowing.reading import Grant, Passing, book
from sapr.knowing.words import BODIES

# What tells how the case stood at any act: its option, who was on it, and what each notice was.
PLACED = (
    "commander_notice_placed",
    "commander_details_placed",
    "mcio_notice_placed",
    "unit_commander_notice_placed",
)
# What says which option stands.
ELECTIONS = ("report_signed", "report_converted", "legacy_imported")
SPINE = (
    *ELECTIONS,
    "sarc_assigned",
    "va_assigned",
    "advocate_changed",
    "documents_moved",
    *PLACED,
)


class Account:
    """What some acts of one case made known. `spine`: the case's acts of the kinds in SPINE, in order."""

    def __init__(self, spine: Iterable[Act], directory: Directory) -> None:
        self.spine, self.directory = list(spine), directory
        # What was placed before this system kept the case is told without the notice.
        placed = (each for each in self.spine if each.kind in PLACED and "notice" in each.data)
        self._placed = {each.data["notice"]: each for each in placed}

    def lines(self, act: Act) -> Iterator[Line]:
        """The lines of one act; none of one that made nothing known."""
        for passing in book().kinds[act.kind].passes:
            for who in self._whom(act, passing):
                yield self._line(act, passing, who)

    def on_case(self, user: UUID, seq: int) -> str:
        """The role in which somebody was on the case when that act was done; '' for none."""
        roles: dict[str, str] = {}
        for act in self.spine:
            if act.seq > seq:
                break
            if act.kind in ("sarc_assigned", "va_assigned"):
                roles[act.data["user"]] = "sarc" if act.kind == "sarc_assigned" else "sapr_va"
            elif act.kind == "advocate_changed":
                roles.pop(act.data.get("from", ""), None)
                roles[act.data["to"]] = act.data["role"]
            elif act.kind == "documents_moved":
                roles = {str(act.actor): "sarc"}
        return roles.get(str(user), "")

    def election(self, seq: int) -> str:
        """The option that stood when that act was done; '' before any was signed."""
        stood = ""
        for act in self.spine:
            if act.seq <= seq and act.kind in ELECTIONS:
                stood = act.data.get("election", "unrestricted")
        return stood

    def _whom(self, act: Act, passing: Passing) -> Iterator[Who]:
        if passing.to == "body":
            yield Who("body", passing.name, str(BODIES[passing.name]))
            return
        told = act.actor if passing.to == "actor" else act.data.get(passing.key)
        if not told:
            other = passing.otherwise and act.data.get(passing.otherwise, passing.otherwise)
            if other:
                yield body(other, passing.otherwise)
        elif passing.to == "said":
            for word in told if isinstance(told, list) else [told]:
                if word not in passing.unless:
                    yield body(word, passing.key)
        elif passing.to == "post":
            yield self._post(UUID(told), act)
        else:
            yield self._person(told if isinstance(told, UUID) else UUID(told), act)

    def _person(self, user: UUID, act: Act) -> Who:
        held = [self.on_case(user, act.seq), *self.directory.roles(user, act.recorded_at)]
        role = next((each for each in held if each), "")
        return Who("person", str(user), self.directory.name(user), role)

    def _post(self, post: UUID, act: Act) -> Who:
        title, role = self.directory.titles.get(post, (str(post), ""))
        return Who("post", str(post), title, role, tuple(self.directory.holders(post, act.occurred_at)))

    def _line(self, act: Act, passing: Passing, who: Who) -> Line:
        if passing.of_notice and (placed := self._placed.get(act.data.get("notice", ""))):
            [first] = book().kinds[placed.kind].passes
            shown, _ = self._visible(placed, first, who)
            fields, rung = self._fields(placed, first, shown), placed.data.get("rung", "")
            return Line(act, who, passing.how, labels(fields), self._rules(act, passing, who)[0], rung)
        shown, row = self._visible(act, passing, who)
        rules, role = self._rules(act, passing, who)
        return Line(
            act,
            who._replace(role=role) if role else who,
            passing.how,
            labels(self._fields(act, passing, shown)),
            (*rules, *row),
            act.data.get("rung", "") if passing.says_rung else "",
            passing.nothing,
        )

    def _fields(self, act: Act, passing: Passing, shown: frozenset[str] | None) -> list[str]:
        """What became known, as words of the policy; never more of a notice than its reader's row shows."""
        wanted = passing.fields
        if wanted == "visible":
            return [each for each in policy.visibility_words()[1] if each in (shown or ())]
        if isinstance(wanted, list):
            found = wanted
        elif wanted.startswith("said:"):
            found = act.data.get(wanted.removeprefix("said:"), [])
        elif wanted.startswith("notice:"):
            spec = policy.notice_spec(wanted.removeprefix("notice:"), on=act.occurred_at.date())
            found = [book().notice_fields[each] for each in spec.fields if book().notice_fields[each]]
        else:
            columns = (
                act.data.get("what", []) if wanted == "seals" else [each for each in act.data if "." in each]
            )
            found = [field for each in columns for field in book().fields_of(each)]
        capped = passing.to == "post" or act.data.get("purpose") in book().capped
        return [each for each in dict.fromkeys(found) if shown is None or not capped or each in shown]

    def _visible(
        self, act: Act, passing: Passing, who: Who
    ) -> tuple[frozenset[str] | None, tuple[Cited, ...]]:
        """What the policy's row of visibility shows this reader, and that row; None where no row speaks."""
        role, election = passing.role, self.election(act.seq)
        if role == "said_role":
            role = book().roles.get(act.data.get("role", ""), "")
        elif role == "role":
            # SARCs and SAPR VAs see by it what they are on, and nothing else.
            on_case = self.on_case(UUID(who.key), act.seq)
            role = "" if who.role in CaseRole.values and not on_case else book().roles.get(who.role, "")
        if not role or not election:
            return None, ()
        return seen_by(role, election, tuple((passing.facts or NEED).items()), act.recorded_at.date())

    def _rules(self, act: Act, passing: Passing, who: Who) -> tuple[tuple[Cited, ...], str]:
        """The rules that the file names and the access rows grant, and the role that they grant it to."""
        found, granted_to = [], ""
        for each in passing.by:
            if each == "purpose":
                wanted = book().purposes.get(act.data.get("purpose", ""), ())
            elif isinstance(each, Grant):
                wanted = (each,)
            else:
                name = act.data.get(each[1:], "") if each.startswith("@") else each
                found += [cited(name, act.occurred_at.date())] if name else []
                continue
            grant = self._granted(act, who, wanted)
            if grant:
                found.append(Cited(grant.rule.id, grant.rule.sentence))
                granted_to = grant.role
        return tuple(found), granted_to

    def _granted(self, act: Act, who: Who, wanted: tuple[Grant, ...]) -> policy.Grant | None:
        """The row by which somebody who stood so could do it: as who was on the case first, then by a post held."""
        if who.sort != "person":
            return None
        day, user = act.recorded_at.date(), UUID(who.key)
        on_case, held = self.on_case(user, act.seq), self.directory.roles(user, act.recorded_at)
        for assigned in (True, False):
            for each in wanted:
                for grant in policy.access_rules(day).grants(each.verb, each.object):
                    if assigned and grant.scope == "assigned" and grant.role == on_case:
                        return grant
                    if not assigned and grant.scope != "assigned" and grant.role in held:
                        return grant
        return None
