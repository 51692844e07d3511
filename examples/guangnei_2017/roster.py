"""Who stands on the register at the opening, and how the plan speaks of many of them in few words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

GROUP = re.compile(r"([A-Z])(\d{3})(?:\.\.([A-Z])(\d{3}))?(?: (\d+)(?:-(\d+))?)?")


@dataclass
class Roster:
    """Members of each union at the opening, by their names in the plan (`U012.003`: the third of union U012)."""

    unions: dict[str, list[str]] = field(default_factory=dict)

    def enter(self, union: str, members: int) -> list[str]:
        self.unions[union] = [f"{union}.{order:03d}" for order in range(1, members + 1)]
        return self.unions[union]

    def named(self, groups: Iterable[str]) -> list[str]:
        """The people of several groups, in order."""
        return [person for group in groups for person in self.group(group)]

    def group(self, text: str) -> list[str]:
        """The people meant by `U012`, `U012..U020`, `U012 3`, `U012..U020 1-5`, or one person's own name."""
        match = GROUP.fullmatch(text)
        if match is None:
            return [text]
        low, high = match[5], match[6] or match[5]
        found = []
        for union in unions_between(text.split(" ", 1)[0]):
            members = self.unions[union]
            found += members[int(low) - 1 : int(high)] if low else members
        if low and not found:
            raise ValueError(f"the group {text} has nobody")
        return found


def unions_between(text: str) -> list[str]:
    """The unions meant by `U012` or `U012..U020`."""
    match = GROUP.fullmatch(text)
    assert match, text
    last = int(match[4] or match[2])
    return [f"{match[1]}{number:03d}" for number in range(int(match[2]), last + 1)]
