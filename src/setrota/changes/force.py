"""What `--force` means: a change that breaks rules is refused without it, and remembers them with it.

`setrota.schedule.moves` writes these rules into `Change.forced` of each change, and so into the schedule's file.
`setrota.rules.overridden` tells from it which of a schedule's violations were forced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from setrota.problems import Problem, Refused
from setrota.rules import Violation


def check_allowed(breaks: Sequence[Violation], force: bool, otherwise: str | None = None) -> None:
    """Refuse a change that breaks rules, unless it is forced; `otherwise` hints at another way.

    Raises
    ------
    Refused
        With one problem for each broken rule.
    """
    if not breaks or force:
        return
    texts = [
        f"this breaks `{each.rule}` in {each.period.rotation} {each.period.start}: {each.message}" for each in breaks
    ]
    hint = f"{otherwise}; `--force` does it all the same" if otherwise else "`--force` does it all the same"
    raise Refused([*map(Problem, texts[:-1]), Problem(texts[-1], hint=hint)])


def forced_rules(breaks: Iterable[Violation]) -> tuple[str, ...]:
    """The names of the rules that a change breaks, as `Change.forced` has them."""
    return tuple(dict.fromkeys(each.rule for each in breaks))
