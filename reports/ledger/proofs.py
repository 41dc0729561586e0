"""What the export of one case says of each checkpoint: its leaf with the path to the root, or that it has none."""

from bisect import bisect
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from reports.ledger.checkpoints import leaf
from reports.ledger.verifier import filled, leaf_hash, level_above, place_of, salt_of


def of_case(case_id: UUID, rows: Iterable[tuple]) -> tuple[list[tuple], list[dict[str, Any]]]:
    """Leaves with their proofs, in the order of the chain, and proofs of absence, in the order of the checkpoints.

    `rows`: number, blind, case, seq and hash of every leaf there is, by number; a checkpoint without leaves gives one
    row without case. Every checkpoint is answered for: one left out could be one that sealed another history.
    """
    present, absent = [], []
    for (number, blind), found in groupby(
        ((*row[:1], bytes(row[1]), *row[2:]) for row in rows), itemgetter(0, 1)
    ):
        leaves = [(case, seq, bytes(digest)) for _, _, case, seq, digest in found if case is not None]
        tree = Tree(filled(blind, (leaf(blind, *each) for each in leaves)))
        own = [each for each in leaves if each[0] == case_id]
        for _, seq, digest in own:
            index = tree.leaves.index(leaf(blind, case_id, seq, digest))
            proof = {"index": index, "path": tree.path(index)}
            present.append((str(case_id), seq, number, digest.hex(), proof))
        if not own:
            absent.append(
                {"checkpoint": number, "neighbours": tree.around(place_of(salt_of(blind), case_id.bytes))}
            )
    return sorted(present, key=itemgetter(1, 2)), absent


class Tree:
    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves
        self._levels = [[leaf_hash(each) for each in leaves]]
        while len(self._levels[-1]) > 1:
            self._levels.append(level_above(self._levels[-1]))

    def path(self, index: int) -> list[str]:
        return [level[(index >> height) ^ 1].hex() for height, level in enumerate(self._levels[:-1])]

    def around(self, place: bytes) -> list[dict[str, Any]]:
        """The leaves before and after a place that none of them has; at an end only one."""
        after = bisect(self.leaves, place)
        around = [index for index in (after - 1, after) if 0 <= index < len(self.leaves)]
        return [
            {
                "index": index,
                "place": self.leaves[index][:32].hex(),
                "value": self.leaves[index][32:].hex(),
                "path": self.path(index),
            }
            for index in around
        ]
