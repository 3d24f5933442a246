"""The channel's header: verbatim at the moments that matter, and what must never be in it."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from setrota.export.channel.header import Style, header, header_problems, shows_crew
from setrota.problems import Refused
from setrota.roster import Handover, Length, Person, Roster, Rotation, seats_named
from setrota.roster.notes import Notes, Source
from setrota.schedule import Change, Crew, Schedule

FIRST = date(2027, 1, 4)
DECIDED = datetime(2027, 1, 5, 10, 0, tzinfo=ZoneInfo("America/Toronto"))


def header_at(
    moment: str,
    roster: Roster | None = None,
    schedule: Schedule = samples.SCHEDULE,
    limit: int = 1024,
    style: Style = "full",
) -> str:
    roster = roster or samples.roster()
    return header(roster, schedule, datetime.fromisoformat(moment).replace(tzinfo=roster.zone), limit, style=style)


def first_week(people: str = "bo cy dee eli", **facts: object) -> Crew:
    return samples.computed(FIRST, people, **facts)


# The usual week


def test_rotations_that_end_at_different_times_say_so() -> None:
    assert header_at("2027-01-05T12:00") == (
        "SET: primary @bo.lindqvist · backup @cy · engineer @dee, @eli until Mon 11 Jan 09:00 EST"
        " · lead @ana until Mon 18 Jan 09:00 EST."
        " Next: primary @fay · backup @gus · engineer @hal, @ivy · lead @jo"
    )


def test_rotations_that_end_together_say_it_once() -> None:
    # The second week of a fortnight.
    assert header_at("2027-01-12T12:00") == (
        "SET: primary @fay · backup @gus · engineer @hal, @ivy · lead @ana until Mon 18 Jan 09:00 EST."
        " Next: primary @cy · backup @bo.lindqvist · engineer @eli, nobody · lead @jo"
    )


def test_the_crew_changes_on_the_minute_of_the_handover() -> None:
    assert header_at("2027-01-09T08:59:59").startswith("SET: primary @bo.lindqvist")
    # Who has gone is not named until the handover.
    assert "@bo.lindqvist" not in header_at("2027-01-11T08:59:59")
    assert "Next: primary @fay" in header_at("2027-01-11T08:59:59")
    assert header_at("2027-01-11T09:00").startswith("SET: primary @fay")


def test_of_handovers_on_one_day_the_first_instant_counts() -> None:
    """Both crews end on 18 January at nine, and in Berlin it is nine first."""
    lead = replace(samples.LEAD, zone=ZoneInfo("Europe/Berlin"))
    roster = samples.roster(rotations=(samples.ENGINEER, lead), header="until {until}")
    assert header_at("2027-01-12T12:00", roster) == "until Mon 18 Jan 09:00 CET"


def test_the_year_stands_where_it_is_another() -> None:
    crew = samples.computed(date(2026, 12, 28), "bo cy dee eli")
    assert "until Mon 4 Jan 2027 09:00 EST" in header_at("2026-12-29T12:00", schedule=samples.schedule(crew))
    assert "until Mon 4 Jan 09:00 EST" in header_at("2027-01-01T12:00", schedule=samples.schedule(crew))


def test_the_moment_may_come_in_any_zone() -> None:
    # 14:30 UTC is 09:30 in Toronto: the new crew.
    moment = datetime(2027, 1, 11, 14, 30, tzinfo=ZoneInfo("UTC"))
    assert header(samples.roster(), samples.SCHEDULE, moment).startswith("SET: primary @fay")


def test_a_handover_that_daylight_saving_moves_is_told_as_it_happens() -> None:
    # 2027-03-14 02:30 EST doesn't exist in Toronto.
    crew = samples.computed(date(2027, 3, 7), "bo cy dee eli")
    assert "until Sun 14 Mar 03:30 EDT" in header_at(
        "2027-03-10T12:00", samples.roster(handover=Handover(0, time(2, 30))), samples.schedule(crew)
    )


def test_an_empty_seat_reads_nobody() -> None:
    assert header_at("2027-01-05T12:00", schedule=samples.schedule(first_week("bo - dee -"))) == (
        "SET: primary @bo.lindqvist · backup nobody · engineer @dee, nobody until Mon 11 Jan 09:00 EST"
        " · lead: nobody, nothing is planned. Next: nobody planned"
    )


def test_a_cover_of_some_days_ends_before_the_rest() -> None:
    cover = Change(DECIDED, "primary", "bo", "fay", start=date(2027, 1, 6), end=date(2027, 1, 8))
    plan = samples.schedule(first_week(changes=[cover]), samples.computed(date(2027, 1, 11), "gus hal ivy cy"))
    roster = samples.roster(rotations=[samples.ENGINEER])
    rest = "backup @cy · engineer @dee, @eli until Mon 11 Jan 09:00 EST"
    after = "backup @hal · engineer @ivy, @cy"
    # Who is next as primary is who takes the seat over, not who has it next week.
    assert header_at("2027-01-05T12:00", roster, plan) == (
        f"SET: primary @bo.lindqvist until Wed 6 Jan 09:00 EST · {rest}. Next: primary @fay · {after}"
    )
    assert header_at("2027-01-06T09:00", roster, plan) == (
        f"SET: primary @fay until Fri 8 Jan 09:00 EST · {rest}. Next: primary @bo.lindqvist · {after}"
    )
    assert header_at("2027-01-08T09:00", roster, plan) == (
        f"SET: primary @bo.lindqvist · {rest}. Next: primary @gus · {after}"
    )


# Nobody


def test_after_the_plan_has_run_out_nobody_is_named() -> None:
    assert header_at("2027-02-01T09:00") == "SET: nobody on duty; the plan ended Mon 1 Feb 2027"
    assert header_at("2029-02-01T09:00") == "SET: nobody on duty; the plan ended Mon 1 Feb 2027"


def test_a_rotation_that_ran_out_says_so_for_itself() -> None:
    assert header_at("2027-01-26T09:00") == (
        "SET: lead @jo until Mon 1 Feb 09:00 EST · engineer: nobody, the plan ended Mon 25 Jan 2027."
        " Next: nobody planned"
    )


def test_a_rotation_without_a_next_crew_says_so_for_itself() -> None:
    plan = samples.schedule(
        first_week(),
        samples.computed(FIRST, "ana", of=samples.LEAD),
        samples.computed(date(2027, 1, 18), "jo", of=samples.LEAD),
    )
    assert header_at("2027-01-05T09:00", schedule=plan).endswith("Next: lead @jo · engineer: nobody planned")


def test_before_the_plan_and_in_a_gap_the_next_crew_is_named_as_next() -> None:
    assert header_at("2026-12-30T12:00") == (
        "SET: nobody on duty until Mon 4 Jan 2027 09:00 EST."
        " Next: primary @bo.lindqvist · backup @cy · engineer @dee, @eli · lead @ana"
    )
    later = samples.computed(date(2027, 1, 18), "fay gus hal ivy")
    roster = samples.roster(rotations=[samples.ENGINEER])
    assert header_at("2027-01-12T12:00", roster, samples.schedule(first_week(), later)) == (
        "SET: nobody on duty until Mon 18 Jan 09:00 EST. Next: primary @fay · backup @gus · engineer @hal, @ivy"
    )
    assert header_at("2027-01-05T12:00", roster, samples.schedule(first_week(), later)).endswith(
        ". Next: nobody planned"
    )


def test_without_any_plan_it_says_that() -> None:
    assert header_at("2027-01-05T12:00", schedule=samples.schedule()) == "SET: nobody on duty; nothing is planned"


# Too long


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        # Whole it has 194 code points; without the part from `. Next` on, 127.
        (127, "SET: primary @bo.lindqvist · backup @cy · engineer @dee, @eli until Mon 11 Jan 09:00 EST"
              " · lead @ana until Mon 18 Jan 09:00 EST"),
        (126, "SET: primary @bo.lindqvist · backup @cy until Mon 11 Jan 09:00 EST"
              " · lead @ana until Mon 18 Jan 09:00 EST · +2 more"),
        (113, "SET: primary @bo.lindqvist · backup @cy until Mon 11 Jan 09:00 EST · +3 more"),
        (64, "SET: primary @bo.lindqvist until Mon 11 Jan 09:00 EST · +4 more"),
        (20, "SET: +5 more"),
        (11, "+5 more"),
    ],
)  # fmt: skip
def test_it_is_shortened_in_steps(limit: int, text: str) -> None:
    assert header_at("2027-01-05T12:00", limit=limit) == text


def test_every_limit_is_kept_with_whole_names() -> None:
    mentions = {"@bo.lindqvist", "@cy", "@dee", "@eli", "@ana", "@fay", "@gus", "@hal", "@ivy", "@jo"}
    for limit in range(7, 260):
        text = header_at("2027-01-05T12:00", limit=limit)
        assert len(text) <= limit
        assert {word.strip(".,") for word in text.split() if "@" in word} <= mentions


def test_code_points_are_counted_not_bytes() -> None:
    # 2 characters, 8 bytes, 4 UTF-16 units.
    roster = samples.roster(header="🦄🦄")
    assert header_at("2027-01-05T12:00", roster, limit=2) == "🦄🦄"


def test_a_text_that_cannot_be_shortened_is_refused() -> None:
    with pytest.raises(Refused, match="needs at least 7 characters, but may have at most 6"):
        header_at("2027-01-05T12:00", limit=6)
    with pytest.raises(Refused, match="hint: shorten `header`"):
        header_at("2027-01-05T12:00", samples.roster(header="x" * 1025))
    with pytest.raises(Refused, match="hint: shorten `short-name` in `\\[rota\\]`"):
        header_at("2027-01-05T12:00", samples.roster(header="{rota}", short_name="x" * 1025))


def test_a_rota_s_long_name_gives_way_to_the_crew() -> None:
    """In a topic of Slack, which has 250 characters."""
    crew = header_at("2027-01-05T12:00", style="slack").removeprefix("SET: ").split(". Next")[0]
    assert header_at("2027-01-05T12:00", samples.roster(short_name="S" * 300), style="slack") == crew
    roster = samples.roster(short_name="S" * 1100)
    at = datetime(2027, 1, 5, 12, tzinfo=roster.zone)
    assert shows_crew(roster, samples.SCHEDULE, at, header_at("2027-01-05T12:00", roster))


# The crew that a header shows


@pytest.mark.parametrize("zone", ["America/Toronto", "Europe/Istanbul", "Asia/Kolkata", "Pacific/Guam", "UTC"])
@pytest.mark.parametrize("template", [None, "{crew}", "{primary} until {until} NEXT: {next-primary}"])
def test_a_header_shows_its_crew_whatever_the_zone_is_called(zone: str, template: str | None) -> None:
    """EST, UTC+3, UTC+5:30, ChST, UTC. Headers of earlier versions did not name the rota's own zone."""
    roster = samples.roster(zone=ZoneInfo(zone), header=template)
    at = datetime(2027, 1, 5, 12, tzinfo=roster.zone)
    with_zone = header_at("2027-01-05T12:00", roster)
    without = re.sub(r"(09:00) (EST|UTC[+\d:]*|ChST)", r"\1", with_zone)
    assert without.count("09:00") == with_zone.count("09:00 ") > 0
    for text in (with_zone, without):
        assert shows_crew(roster, samples.SCHEDULE, at, text)
        assert not shows_crew(roster, samples.SCHEDULE, at + timedelta(days=7), text)


def test_a_header_of_an_earlier_version_may_name_another_rotation_s_zone_by_a_number() -> None:
    lead = replace(samples.LEAD, zone=ZoneInfo("Europe/Istanbul"))
    roster = samples.roster(rotations=[samples.ENGINEER, lead])
    at = datetime(2027, 1, 5, 12, tzinfo=roster.zone)
    former = header_at("2027-01-05T12:00", roster).replace(" EST", "").replace("UTC+3", "+03")
    assert former.count("09:00 +03") == 1
    assert shows_crew(roster, samples.SCHEDULE, at, former)


# Templates


def test_a_template_says_it_in_its_own_words() -> None:
    template = "{rota}: P {primary}, B {backup}, E {engineer}, L {lead} until {until}; next {next-primary}, {next-lead}"
    assert header_at("2027-01-05T12:00", samples.roster(header=template)) == (
        "SET: P @bo.lindqvist, B @cy, E @dee, @eli, L @ana until Mon 11 Jan 09:00 EST; next @fay, @jo"
    )


def test_a_template_may_use_the_whole_crew() -> None:
    assert header_at(
        "2027-01-12T12:00", samples.roster(header="On duty: {crew} | then: {next} | [runbook](https://r)")
    ) == (
        "On duty: primary @fay · backup @gus · engineer @hal, @ivy · lead @ana until Mon 18 Jan 09:00 EST"
        " | then: primary @cy · backup @bo.lindqvist · engineer @eli, nobody · lead @jo | [runbook](https://r)"
    )


def test_a_template_is_shortened_in_the_same_steps() -> None:
    roster = samples.roster(header="{primary} {backup} {engineer} {lead} {next-primary}")
    moment = "2027-01-05T12:00"
    # `@bo.lindqvist @cy @dee, @eli @ana @fay` has 38; `@fay` becomes `…`; then the engineers go, both at once
    # shorter than one of them.
    assert header_at(moment, roster, limit=38) == "@bo.lindqvist @cy @dee, @eli @ana @fay"
    assert header_at(moment, roster, limit=37) == "@bo.lindqvist @cy @dee, @eli @ana …"
    assert header_at(moment, roster, limit=34) == "@bo.lindqvist @cy +2 more @ana …"
    assert header_at(moment, roster, limit=31) == "@bo.lindqvist @cy +2 more … …"
    assert header_at(moment, roster, limit=20) == "… … +2 more … …"


def test_a_template_never_shows_last_weeks_crew() -> None:
    roster = samples.roster(header="{rota} primary: {primary}, until {until}, then {next-primary}")
    assert header_at("2027-02-02T12:00", roster) == (
        "SET primary: nobody, until further notice, then nobody · nobody on duty; the plan ended Mon 1 Feb 2027"
    )
    assert header_at("2026-12-30T12:00", roster) == (
        "SET primary: nobody, until Mon 4 Jan 2027 09:00 EST, then @bo.lindqvist"
        " · nobody on duty until Mon 4 Jan 2027 09:00 EST"
    )
    # The crew's own line carries the notice already.
    assert (
        header_at("2027-02-02T12:00", samples.roster(header="{crew}"))
        == "nobody on duty; the plan ended Mon 1 Feb 2027"
    )


def test_seats_of_two_rotations_that_share_a_name_are_told_apart() -> None:
    night = Rotation("night", every=Length(1), pool="engineers", seats=seats_named(("primary",)), rest=Length(1))
    plan = samples.schedule(first_week(), samples.computed(FIRST, {"primary": "fay"}, of=samples.rotation("night")))
    roster = samples.roster(
        rotations=[samples.ENGINEER, night], header="{primary} | {engineer/primary} | {night/primary}"
    )
    assert header_at("2027-01-05T12:00", roster, plan) == "@bo.lindqvist, @fay | @bo.lindqvist | @fay"


def test_unknown_placeholders_are_named_with_a_hint() -> None:
    roster = samples.roster()
    assert header_problems("{rota} {crew} {next} {until} {engineer} {next-lead} {next-engineer/backup} {", roster) == []
    assert list(map(str, header_problems("{primry} {x} {primry}", roster))) == [
        "error: the channel header has no placeholder `{primry}` [unknown-placeholder]\n"
        "  hint: did you mean `{primary}`?",
        "error: the channel header has no placeholder `{x}` [unknown-placeholder]\n"
        "  hint: every header can have `{rota}`, `{crew}`, `{next}`, `{until}` and `{links}`",
    ]
    with pytest.raises(Refused, match=re.escape("`{primry}`")):
        header_at("2027-01-05T12:00", samples.roster(header="{primry}"))


# Styles

SOURCES = (
    Source("Ticket board", "https://tickets.example.com/set"),
    Source("A call out of the blue"),
    Source("Pager", "https://pager.example.com"),
)
LINKS = " · [Ticket board](https://tickets.example.com/set) · [Pager](https://pager.example.com)"


def linked(header: str | None = None, sources: tuple[Source, ...] = SOURCES) -> Roster:
    return replace(samples.roster(header=header), notes=Notes(sources=sources))


def test_the_short_style_says_who_is_on_duty_and_no_more() -> None:
    text = "SET: primary @bo.lindqvist · backup @cy · engineer @dee, @eli · lead @ana"
    assert header_at("2027-01-05T12:00", linked(header="{primary}"), style="short") == text
    assert header_at("2027-01-05T12:00", limit=len(text) - 1, style="short") == (
        "SET: primary @bo.lindqvist · backup @cy · lead @ana · +2 more"
    )


@pytest.mark.parametrize("style", ["full", "short", "links", "slack"])
def test_every_style_says_that_nobody_is_on_duty(style: Style) -> None:
    assert header_at("2027-02-01T09:00", style=style) == "SET: nobody on duty; the plan ended Mon 1 Feb 2027"
    assert "nobody on duty until Mon 4 Jan 2027 09:00 EST" in header_at("2026-12-30T12:00", style=style)
    assert header_at("2027-01-26T09:00", style=style).startswith("SET: lead ")
    assert "engineer: nobody, the plan ended Mon 25 Jan 2027" in header_at("2027-01-26T09:00", style=style)


def test_links_follow_what_the_full_style_says_and_go_first() -> None:
    moment, whole = "2027-01-05T12:00", header_at("2027-01-05T12:00")
    assert header_at(moment, linked(header="{primary}"), style="links") == whole + LINKS
    assert header_at(moment, linked(sources=()), style="links") == whole
    # Of both links the last one goes first, then the other, then who is next.
    size = len(whole)
    assert header_at(moment, linked(), limit=size + len(LINKS) - 1, style="links").endswith(
        "@jo · [Ticket board](https://tickets.example.com/set)"
    )
    assert header_at(moment, linked(), limit=size + 20, style="links") == whole
    assert header_at(moment, linked(), limit=size - 1, style="links").endswith("until Mon 18 Jan 09:00 EST")


def test_a_template_has_a_place_for_links() -> None:
    roster = linked(header="{primary} then {next-primary} | {links}")
    whole = f"@bo.lindqvist then @fay | {LINKS.removeprefix(' · ')}"
    assert header_at("2027-01-05T12:00", roster) == whole
    assert header_at("2027-01-05T12:00", roster, limit=len(whole) - 1) == (
        "@bo.lindqvist then @fay | [Ticket board](https://tickets.example.com/set)"
    )
    assert header_at("2027-01-05T12:00", roster, limit=40) == "@bo.lindqvist then @fay | …"
    assert header_at("2027-01-05T12:00", linked(header="{rota}{links}", sources=())) == "SET"


def test_slack_has_names_and_no_more_than_250_characters() -> None:
    assert header_at("2027-01-05T12:00", linked(header="{primary}"), style="slack") == (
        "SET: primary Bo Lindqvist · backup Cy Young · engineer Dee Dee, Eli Eld until Mon 11 Jan 09:00 EST"
        " · lead Ana Silva until Mon 18 Jan 09:00 EST."
        " Next: primary Fay Wray · backup Gus Grau · engineer Hal Hund, Ivy Iversen · lead Jo Jung"
    )
    assert len(header_at("2027-01-05T12:00", limit=60, style="slack")) <= 60


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        # Whole, as above, it has 232 code points; with handles of who is next 204, without these 142, with handles 112.
        (231, "SET: primary Bo Lindqvist · backup Cy Young · engineer Dee Dee, Eli Eld until Mon 11 Jan 09:00 EST"
              " · lead Ana Silva until Mon 18 Jan 09:00 EST."
              " Next: primary fay · backup gus · engineer hal, ivy · lead jo"),
        (142, "SET: primary Bo Lindqvist · backup Cy Young · engineer Dee Dee, Eli Eld until Mon 11 Jan 09:00 EST"
              " · lead Ana Silva until Mon 18 Jan 09:00 EST"),
        (141, "SET: primary bo · backup cy · engineer dee, eli until Mon 11 Jan 09:00 EST"
              " · lead ana until Mon 18 Jan 09:00 EST"),
        (111, "SET: primary bo · backup cy until Mon 11 Jan 09:00 EST · lead ana until Mon 18 Jan 09:00 EST · +2 more"),
    ],
)  # fmt: skip
def test_slack_has_handles_before_it_leaves_out_seats(limit: int, text: str) -> None:
    assert header_at("2027-01-05T12:00", limit=limit, style="slack") == text


def test_a_crew_with_long_names_is_whole_in_a_topic_of_slack() -> None:
    # With names it would have more than 250 code points. A name that is shorter than the handle stays.
    names = {person.handle: person.name * 5 for person in samples.PEOPLE} | {"ana": "An"}
    people = [replace(person, name=names[person.handle]) for person in samples.PEOPLE]
    assert header_at("2027-01-05T12:00", samples.roster(people, teams=samples.TEAMS), style="slack") == (
        "SET: primary bo · backup cy · engineer dee, eli until Mon 11 Jan 09:00 EST"
        " · lead An until Mon 18 Jan 09:00 EST"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("<!channel> @here", "\uff1c!channel\uff1e \uff20here"),
        ("<https://evil|Bo>", "\uff1chttps\uff1a//evil|Bo\uff1e"),
        ("Bo_the_*great*", "Bo_the_*great*"),
        ("www.evil.example", "www\uff0eevil.example"),
    ],
)
def test_a_name_in_slack_is_only_text(name: str, text: str) -> None:
    assert header_at("2027-01-05T12:00", with_chat("bo", name), style="slack").startswith(f"SET: primary {text} · ")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (Source("[x](y) @all", "https://a.example/b"), "[\\[x\\](y) \uff20all](https://a.example/b)"),
        (
            Source("x", "https://a.example/b_(c)[d]?e=(f)&g=1#h"),
            "[x](https://a.example/b_%28c%29%5Bd%5D?e=%28f%29&g=1#h)",
        ),
        (Source("x", "https://a.example/@channel\\)*|`"), "[x](https://a.example/%40channel%5C%29%2A%7C%60)"),
        (Source("x", "http://[::1]:8065/a%20b&lt;c"), "[x](http://[::1]:8065/a%20b&lt%3Bc)"),
        (Source("x", "https://münchen.example/ä"), "[x](https://münchen.example/%C3%A4)"),
    ],
)
def test_a_link_is_one_link(source: Source, text: str) -> None:
    assert header_at("2027-01-05T12:00", linked(header="{links}", sources=(source,))) == text


def test_a_seat_of_the_schedule_that_the_roster_does_not_know_is_only_text() -> None:
    crew = samples.computed(FIRST, {"@channel [x](y)": "bo"})
    assert header_at("2027-01-05T12:00", schedule=samples.schedule(crew), style="short").startswith(
        "SET: \uff20channel \\[x\\](y) @bo"
    )


# Names that mean harm


def with_chat(chat: str, name: str = "Bo Lindqvist") -> Roster:
    people = [replace(person, chat=chat, name=name) if person.handle == "bo" else person for person in samples.PEOPLE]
    return samples.roster(people, rotations=[samples.ENGINEER], header="{primary}", teams=samples.TEAMS)


@pytest.mark.parametrize(
    "chat", ["channel", "all", "HERE", "all.", "@channel", "bo @all", "bo\n# Title", "[x](y)", "."]
)
def test_a_chat_name_that_is_no_persons_is_no_mention(chat: str) -> None:
    assert header_at("2027-01-05T12:00", with_chat(chat)) == "Bo Lindqvist"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Bo @channel\r\n@all", "Bo \uff20channel \uff20all"),
        ("[Bo](https://evil) `x` <b>", "\\[Bo\\](https:\\//evil) \\`x\\` \\<b\\>"),
        ("www.evil WWW.evil", "www\\.evil WWW\\.evil"),
        ("R&D &lt;b&gt; &#64;all", "R&D \\&lt;b\\&gt; &\\#64;all"),
        ("{lead} {crew}", "\\{lead\\} \\{crew\\}"),
        ("Bo\u202e\x00\x1b", "Bo"),
        ("\n", "bo"),
    ],
)
def test_a_name_is_only_text(name: str, text: str) -> None:
    assert header_at("2027-01-05T12:00", with_chat("no chat", name)) == text


def test_who_is_not_in_the_roster_is_named_without_a_mention() -> None:
    roster = samples.roster([Person("cy", chat="cy")], header="{primary} {backup}", teams=samples.TEAMS)
    assert header_at("2027-01-05T12:00", roster) == "bo @cy"


def test_a_leading_at_in_the_roster_is_taken_as_meant() -> None:
    assert header_at("2027-01-05T12:00", with_chat("@bo")) == "@bo"


@given(st.text(), st.text())
def test_no_name_breaks_the_line_or_mentions_another(name: str, chat: str) -> None:
    text = header_at("2027-01-05T12:00", replace(with_chat(chat, name), header=None), samples.schedule(first_week()))
    assert len(text.splitlines()) == 1
    assert {word.strip("@,") for word in text.split() if "@" in word} <= {"cy", "dee", "eli", "bo", chat.strip("@")}
