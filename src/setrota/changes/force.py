"""The meaning of `--force`: a change that breaks rules is refused without it, and records these rules with it.

`setrota.schedule.moves` writes them into `Change.forced`, and so into the schedule's file. From it
`setrota.rules.overridden` knows which violations of a schedule were forced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from setrota.problems import Problem, Refused
from setrota.rules import Violation

AT_ONCE = "one-duty"
"""The rule that keeps people from having two duties at the same time."""


def check_allowed(breaks: Sequence[Violation], force: bool, otherwise: str) -> None:
    """Refuse a change that breaks rules, unless it is forced; `otherwise` is a hint at another way.

    The hint offers force too, unless somebody would have two duties at once.

    Raises
    ------
    Refused
        With one problem for each broken rule.
    """
    if not breaks or force:
        return
    problems = [
        Problem(f"this breaks a rule in {each.period.rotation} {each.period.start}: {each.message}", code=each.rule)
        for each in breaks
    ]
    twice = any(each.rule == AT_ONCE for each in breaks)
    hint = otherwise if twice else f"{otherwise}; `--force` does it anyway"
    raise Refused([*problems[:-1], replace(problems[-1], hint=hint)])


def forced_rules(breaks: Iterable[Violation]) -> tuple[str, ...]:
    """The names of the rules that a change breaks, for `Change.forced`."""
    return tuple(dict.fromkeys(each.rule for each in breaks))
