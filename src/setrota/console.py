"""Everything a terminal shows: tables and lines for people. Data goes to stdout, talk to stderr.

Knows how things look, not what they mean. `rich` is imported only where a table is drawn, so that `now` stays quick.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from setrota.export.wording import clock_text
from setrota.horizon import told
from setrota.periods import DAY, WEEK, Period, first_handover, handover_on
from setrota.problems import INTERRUPTED, USAGE, Problem, counted, listed
from setrota.roster import WEEKDAYS, Roster
from setrota.schedule import Crew, Duty, Schedule, by_time, is_missing, worth_telling

if TYPE_CHECKING:
    from rich.table import Table

    from setrota.accounts import Account, TeamAccount
    from setrota.horizon import Standing
    from setrota.planner import Progress, Result
    from setrota.wishes import Wish

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds of solving after which progress is shown."""

MOST_PROBLEMS = 100
"""More than this many would only scroll away."""

_COLOURS = {"error": "31", "warning": "33", "note": "36"}


def say(text: str) -> None:
    """A line of talk, on stderr, after what stdout has to say so far."""
    flush()
    if sys.stderr is not None:
        print(_printable(_fitted(text, sys.stderr), sys.stderr), file=sys.stderr)


def tell(problems: Iterable[Problem]) -> None:
    """Problems, on stderr, an empty line between two that have hints."""
    found = list(problems)
    for problem in found[:MOST_PROBLEMS]:
        say(str(problem))
    if len(found) > MOST_PROBLEMS:
        say(f"{len(found) - MOST_PROBLEMS} more problems are not shown")


def judge(text: str) -> None:
    """A problem that is what the user asked for, on stdout."""
    show(_fitted(text, sys.stdout))


def _fitted(text: str, stream: Any) -> str:
    """Text folded between words where a terminal would cut them in two."""
    if not stream.isatty():
        return text
    return "\n".join(_folded(line, "    " if line.startswith(" ") else "  ") for line in text.split("\n"))


def show(text: str) -> None:
    """Lines of data, on stdout."""
    if sys.stdout is None:
        raise OSError("standard output is closed")
    print(_printable(text, sys.stdout))


def paragraph(text: str) -> None:
    """A paragraph of what the user asked for, on stdout, folded."""
    show(_folded(text, ""))


def write(text: str) -> None:
    """Text for programs or files, on stdout, as UTF-8 whatever the locale, and not a byte of it changed."""
    if sys.stdout is None:
        raise OSError("standard output is closed")
    flush()
    sys.stdout.buffer.write(text.encode())
    flush()


def flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def give_up(error: OSError) -> int:
    """Say what the system refused, and give the exit status for it."""
    with suppress(OSError):
        say(f"error: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
    # What is left in the buffer can't be written either, and would be complained of once more at the end.
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    return USAGE


def _folded(text: str, indent: str) -> str:
    """A long line folded at the terminal's width, further lines indented."""
    width = shutil.get_terminal_size((100, 24)).columns
    return textwrap.fill(text, max(width, 40), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _printable(text: str, stream: Any) -> str:
    """Text as a terminal may have it: control characters spelled out, a problem's first word in colour."""
    clean = "".join(each if each.isprintable() or each == "\n" else _spelled(each) for each in text)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    clean = clean.encode(encoding, "replace").decode(encoding)
    first = clean.split(":", 1)[0]
    if first in _COLOURS and stream.isatty() and not os.environ.get("NO_COLOR"):
        return f"\033[{_COLOURS[first]}m{first}\033[0m{clean.removeprefix(first)}"
    return clean


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode()


# Progress


def working(work: Callable[[Progress], T]) -> T:
    """Do some solving, and show how it goes once it takes longer than a second; Ctrl-C ends the process."""
    state: dict[str, Any] = {"stage": ""}

    def run() -> None:
        try:
            state["result"] = work(lambda stage: state.update(stage=stage))
        except BaseException as error:
            state["error"] = error

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    try:
        worker.join(PATIENCE)
        if worker.is_alive():
            _show_progress(worker, state)
    except KeyboardInterrupt:
        # The solver can't be stopped from outside and must not outlive an ordinary exit.
        say("interrupted; nothing was saved")
        os._exit(INTERRUPTED)
    if "error" in state:
        raise state["error"]
    result: T = state["result"]
    return result


def _show_progress(worker: threading.Thread, state: Mapping[str, Any]) -> None:
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("solving") as status:
        shown = None
        while worker.is_alive():
            if state["stage"] != shown:
                shown = state["stage"]
                status.update(f"solving: {shown}")
                if not console.is_terminal:
                    say(f"solving: {shown}")
            worker.join(0.1)


# Tables


def _drawn(*renderables: Any) -> str:
    """Tables as text: as wide as the terminal and in its colours, or plain and 120 columns wide elsewhere."""
    from rich.console import Console

    console = Console(highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, emoji=False, width=120)
    with console.capture() as capture:
        for renderable in renderables:
            console.print(renderable)
    lines = [line.rstrip() for line in capture.get().splitlines()]
    return "\n".join(lines) + "\n"


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        numeric = column.startswith(">")
        table.add_column(
            column.removeprefix(">"),
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=column == "week of",
        )
    return table


def rota(roster: Roster, schedule: Schedule, span: tuple[date, date]) -> str:
    """The days [start, end) of a schedule as a table: a row a week of the rota, a column per seat.

    The people of a period stand in the week in which it starts; of one that reaches out of `span` only the weeks inside
    are shown.
    """
    from rich.text import Text

    crews = schedule.between(*span)
    names = list(dict.fromkeys([*roster.rotations, *(crew.period.rotation for crew in crews)]))
    seats = [(rotation, seat) for rotation in names for seat in _seats(roster, rotation, crews)]
    table = _table("week of", *_headings(roster, seats))
    starting: dict[tuple[str, date], list[Crew]] = {}
    for crew in crews:
        starting.setdefault((crew.period.rotation, _row(roster, crew.period)), []).append(crew)
    for day in _weeks(roster, crews):
        if day < span[1] and span[0] < day + WEEK:
            cells = [
                _cell(roster, starting.get((name, day), []), schedule.crew_on(name, day), seat) for name, seat in seats
            ]
            table.add_row(Text(f"{day:%a %Y-%m-%d}"), *cells)
    return _drawn(table)


def duties(roster: Roster, found: Sequence[Duty]) -> str:
    """Single duties as a table, a row each."""
    table = _table("from", "until", "rotation", "seat", "person", "team")
    for duty in by_time(roster, found):
        start, end = (_instant(roster, duty.rotation, day) for day in (duty.start, duty.end))
        teams = ", ".join(roster.teams_of(duty.person)) if duty.person else ""
        table.add_row(start, end, duty.rotation, duty.seat, _holder(duty), teams)
    return _drawn(table)


def _seats(roster: Roster, rotation: str, crews: Sequence[Crew]) -> list[str]:
    """Seats that any crew of a rotation has, in the roster's order, then those that it no longer has."""
    held = dict.fromkeys(seat for crew in crews if crew.period.rotation == rotation for seat in crew.seats)
    known = [seat.name for seat in roster.rotations[rotation].seats] if rotation in roster.rotations else []
    return [*(seat for seat in known if seat in held), *(seat for seat in held if seat not in known)]


def _headings(roster: Roster, seats: Sequence[tuple[str, str]]) -> list[str]:
    """Seats by name, with the rotation's where two share one, and its weekday where the weeks begin on another."""
    common = [seat for _, seat in seats]
    headings = []
    for rotation, seat in seats:
        name = seat if common.count(seat) == 1 else f"{rotation}/{seat}"
        weekday = roster.handover_of(rotation).weekday
        headings.append(name if weekday == roster.handover.weekday else f"{name} ({WEEKDAYS[weekday][:3]})")
    return headings


def _row(roster: Roster, period: Period) -> date:
    """The first day of the week in which a period starts, from handover to handover of the rota.

    A period off its rotation's weekday, as changes of the roster leave them, has a row of its own.
    """
    if period.start.weekday() != roster.handover_of(period.rotation).weekday:
        return period.start
    return first_handover(roster.handover, period.start - 6 * DAY)


def _weeks(roster: Roster, crews: Sequence[Crew]) -> list[date]:
    return sorted(
        {
            _row(roster, crew.period) + WEEK * week
            for crew in crews
            for week in range(max(1, -(-(crew.period.end - crew.period.start).days // 7)))
        }
    )


def _cell(roster: Roster, starting: Sequence[Crew], running: Crew | None, seat: str) -> Any:
    """Who gets a seat in a week; `|` where a period only goes on, nothing where an optional seat stays empty."""
    from rich.text import Text

    crews = [crew for crew in starting if seat in crew.seats]
    if not crews:
        return Text("|" if running and seat in running.seats else "", style="dim")
    duties = [duty for crew in crews for duty in crew.duties() if duty.seat == seat]
    if not worth_telling(roster, duties):
        return Text("")
    first = crews[0].period.start
    parts = [_holder(duty) + (f" from {duty.start:%m-%d}" if duty.start > first else "") for duty in duties]
    return Text(", ".join(parts), style="bold red" if any(is_missing(roster, duty) for duty in duties) else "")


def _holder(duty: Duty) -> str:
    return duty.person or "NOBODY"


# plan


def plan(roster: Roster, result: Result) -> None:
    """The rota that was planned, its fairness and its proof."""
    span = min(crew.period.start for crew in result.crews), max(crew.period.end for crew in result.crews)
    write(rota(roster, result.schedule, span))
    show(_fairness_line(roster, result))
    show(_proof_line(roster, result))
    if result.wishes:
        show(_wishes_line(result))


def _fairness_line(roster: Roster, result: Result) -> str:
    within = result.figures.within
    each = ", ".join(f"{rotation} {figure:.2f}" for rotation, figure in within.items())
    worst = max(within.values(), default=0.0)
    basis = [each]
    if result.unfilled:
        basis.append(f"of all {sum(len(crew.seats) for crew in result.crews)} seats, the empty ones too")
    if result.clipped:
        basis.append(f"counting {result.settles:g} of the duties that people open ahead or behind")
    text = f"Fairness: everyone is within {worst:.2f} of a duty of their fair share in every week"
    return f"{text}\n{_folded('  (' + '; '.join(basis) + ').', '  ')}"


def _proof_line(roster: Roster, result: Result) -> str:
    proof, figures = result.proof, result.figures
    if proof.proven and not proof.gap:
        verdict = "Proven: no rota that keeps these rules is fairer."
    elif proof.proven:
        verdict = f"Proven: no rota that keeps these rules is more than {proof.gap:.2%} fairer."
    else:
        verdict = f"Not proven: the time limit ended the search, up to {proof.gap:.2%} could be gained."
    if proof.proven and proof.unfinished:
        verdict += f" The time limit cut {listed(proof.unfinished)} short."
    sight = f"with {counted(result.look_ahead_weeks, 'week')} of look-ahead {proof.unfairness:.2f}, "
    given_up = f", {proof.given_up:.2%} given up for {_for_what(roster, result)}" if proof.given_up >= 0.00005 else ""
    best = f"no rota is below {proof.bound:.2f}" if proof.fairest is None else f"fairest possible {proof.fairest:.2f}"
    figures_line = (
        f"  Unfairness {figures.unfairness:.2f}; {sight if result.look_ahead_weeks else ''}"
        f"{best}, gap {proof.gap:.2%}{given_up}."
    )
    return f"{verdict} Solved in {proof.seconds:.2f} s.\n{_folded(figures_line, '  ')}"


def _for_what(roster: Roster, result: Result) -> str:
    from setrota.heavy import uses_holidays

    return listed(["even spacing"] + ["wishes"] * bool(result.wishes) + ["holidays"] * uses_holidays(roster))


def _wishes_line(result: Result) -> str:
    """Whose wishes are granted and whose are not, with the fairness they cost or would have cost."""
    prices = dict(result.wishing.prices)
    granted = [_wish(wish) for wish, granted in result.wishes if granted]
    refused = [_wish(wish) + _price(prices, wish) for wish, granted in result.wishes if not granted]
    cost = f"with even spacing they cost {result.wishing.cost:.2f} of unfairness"
    lines = [f"Wishes: {len(granted)} of {len(result.wishes)} granted; {cost}."]
    lines += [f"  granted: {', '.join(granted)}"] if granted else []
    lines += [f"  refused: {', '.join(refused)}"] if refused else []
    return "\n".join(_folded(line, "    ") for line in lines)


def _wish(wish: Wish) -> str:
    days = f"{wish.start}" if wish.end - wish.start <= DAY else f"{wish.start} to {wish.end - DAY}"
    return f"{wish.person} {wish.kind}s {days}"


def _price(prices: Mapping[Wish, float | None], wish: Wish) -> str:
    if wish not in prices:
        return ""
    price = prices[wish]
    if price is None:
        return " (a seat would stay empty)"
    return f" (would cost {price:.2f})" if price >= 0.005 else " (would cost another wish, or even spacing)"


# now


def crew_now(roster: Roster, at: datetime, standings: Sequence[Standing]) -> None:
    """Who is on duty at `at` and until when, and who is next, rotation by rotation."""
    show(f"{roster.short_name} on {at:%A %Y-%m-%d %H:%M %Z}")
    for each in [told(roster, standing) for standing in standings]:
        ends = {duty.end for duty in each.duties}
        common = len(ends) == 1
        show(f"\n{each.rotation}{_since_or_until(roster, each, common)}")
        width = max((len(duty.seat) for duty in each.duties), default=0)
        for duty in each.duties:
            until = "" if common else f", until {_instant(roster, duty.rotation, duty.end)}"
            show(f"  {duty.seat:<{width}}  {who(roster, duty.person)}{until}")
        _show_next(roster, [heir for heir in each.heirs if heir])


def _since_or_until(roster: Roster, standing: Standing, common: bool) -> str:
    if standing.duties:
        return f", until {_instant(roster, standing.rotation, standing.duties[0].end)}" if common else ""
    if standing.starts:
        return f": nobody on duty until {_instant(roster, standing.rotation, standing.starts)}"
    if standing.ended:
        return f": nobody on duty; the plan ended {_instant(roster, standing.rotation, standing.ended)}"
    return ": nobody on duty; nothing is planned"


def _show_next(roster: Roster, heirs: Sequence[Duty]) -> None:
    for start in sorted({duty.start for duty in heirs}):
        people = [f"{duty.seat} {_holder(duty)}" for duty in heirs if duty.start == start]
        show(_folded(f"  next, from {_instant(roster, heirs[0].rotation, start)}: {', '.join(people)}", "    "))


def _instant(roster: Roster, rotation: str, day: date) -> str:
    moment = handover_on(roster, rotation, day)
    return f"{moment:%a %Y-%m-%d} {clock_text(roster, rotation, moment)}"


def who(roster: Roster, handle: str | None) -> str:
    """`Bo Lindqvist (bo, @bo.lindqvist), Channels`: name, handle, chat handle where it differs, teams."""
    if handle is None:
        return "NOBODY"
    person = roster.people.get(handle)
    chat = f", @{person.chat}" if person and person.chat not in ("", handle) else ""
    teams = [roster.teams[key].name for key in roster.teams_of(handle)]
    return f"{roster.display_name(handle)} ({handle}{chat})" + (f", {listed(teams)}" if teams else "")


# fairness


_HEADING = """Fairness, {span}, in duties.
fair: the fair share of the seats that were filled. balance = opening + served -
fair: above 0 is more than the fair share. worst: the balance furthest from 0
after any period. gap: the fewest free weeks between two duties. Then, by seat,
duties served and the balance{holidays}."""
_HOLIDAYS = "; the same for periods with holidays"


def accounts(found: Sequence[Account], teams: Sequence[TeamAccount], span: str) -> str:
    """Per rotation a table of people and a table of teams."""
    tables: list[Any] = []
    for rotation in dict.fromkeys(account.rotation for account in found):
        tables += [f"\n{rotation}", _people_table([each for each in found if each.rotation == rotation]), ""]
        tables += [_teams_table([each for each in teams if each.rotation == rotation])]
    heading = _HEADING.format(span=span, holidays=_HOLIDAYS if any(each.holidays for each in found) else "")
    return f"{heading}\n" + (_drawn(*tables) if tables else "nobody has served yet\n")


def _people_table(found: Sequence[Account]) -> Table:
    kinds = list(dict.fromkeys(kind for account in found for kind in account.by_seat))
    shown = kinds if len(kinds) > 1 else []
    holidays = [">holidays"] if any(account.holidays for account in found) else []
    headings = [">opening", ">served", ">fair", ">balance", ">worst", ">gap"]
    table = _table("person", *headings, *(f">{kind}" for kind in shown), *holidays)
    for account in found:
        gap = "" if account.shortest_gap_weeks is None else f"{account.shortest_gap_weeks:g}w"
        figures = [
            f"{_signed(account.opening)}",
            _plain(account.served),
            f"{account.entitled:.2f}",
            f"{_signed(account.balance)}",
            f"{_signed(account.worst_deviation)}",
        ]
        parts = [*(account.by_seat[kind] for kind in shown), *([account.holidays] if account.holidays else [])]
        table.add_row(
            account.person, *figures, gap, *(f"{_plain(each.served)} {_signed(each.balance, 1)}" for each in parts)
        )
    return table


def _teams_table(teams: Sequence[TeamAccount]) -> Table:
    table = _table("team", ">people", ">opening", ">served", ">fair", ">balance")
    for each in teams:
        figures = [_signed(each.opening), _plain(each.served), f"{each.entitled:.2f}", _signed(each.balance)]
        table.add_row(each.team, str(each.people), *figures)
    return table


def _plain(figure: float) -> str:
    """Duties served: mostly a whole number, else the hundredths that a table has room for."""
    return f"{round(figure, 2):g}"


def _signed(figure: float, digits: int = 2) -> str:
    """A figure with its sign, and never a negative zero."""
    return f"{round(figure, digits) + 0.0:+.{digits}f}"
