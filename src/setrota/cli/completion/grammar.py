"""What stands where on a command line, as the list of commands in `words.tsv` has it. Knows no roster.

Reads the list instead of the commands themselves: nobody likes to wait for a Tab until all of these are imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LIST = Path(__file__).with_name("words.tsv")

HELP = "help"
"""`setrota help plan` means `setrota plan --help`."""


Completion = tuple[str, str]
"""A word and its description."""


@dataclass(frozen=True)
class Option:
    """An option by all its names; `value` says what follows it, or is empty."""

    names: tuple[str, ...]
    value: str
    help: str


@dataclass(frozen=True)
class Entry:
    """A command, or a group of commands, with its options and what its arguments are."""

    help: str
    options: list[Option] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)

    def option(self, name: str) -> Option | None:
        return next((each for each in self.options if name in each.names), None)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A command line up to the word that is completed.

    `command` is what was typed of the command's name, such as `leave add`; empty for none. `word` is the part of the
    last word to complete, and `prefix` what stands before it, such as `--person=`. `wanted` says what it is: kinds such
    as `PERSON`, choices such as `json`, `option`, or `command`.
    """

    command: str
    word: str
    prefix: str = ""
    wanted: tuple[str, ...] = ()
    option: str = ""
    arguments: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


def entries() -> dict[str, Entry]:
    """All commands by their names; the options that all of them have are those of the name that is empty."""
    found: dict[str, Entry] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        command, typed, text = line.split("\t")
        if not typed:
            found[command] = Entry(text)
        elif typed.startswith("-"):
            names = tuple(each for each in typed.split() if each.startswith("-"))
            value = typed.split()[-1]
            found[command].options.append(Option(names, "" if value in names else value, text))
        else:
            found[command].arguments.append(typed)
    return found


def unquoted(word: str) -> str:
    """A word as a shell would read it, even one whose quote is still open."""
    if not set(word) & set("\\'\""):
        return word
    found, quote, escaped = "", "", False
    for each in word:
        if escaped or (each == "\\" and quote != "'"):
            found += each if escaped else ""
            escaped = not escaped
        elif each in (quote or "'\""):
            quote = "" if quote else each
        else:
            found += each
    return found


def read(before: Sequence[str], word: str) -> Typed:
    """What a word is, after the words before it, of which the first is the program."""
    reader = _WordReader(entries())
    for each in before[1:]:
        reader.take(each)
    return reader.last(word)


class _WordReader:
    """Takes words one after the other, as the command would."""

    def __init__(self, commands: Mapping[str, Entry]) -> None:
        self.commands = commands
        self.command = ""
        self.arguments: list[str] = []
        self.options: dict[str, str] = {}
        self.pending: Option | None = None
        self.only_arguments = False
        self.asks_for_help = False

    @property
    def entry(self) -> Entry:
        return self.commands[self.command]

    def option(self, name: str) -> Option | None:
        return self.entry.option(name) or (self.commands[""].option(name) if not self.is_group else None)

    @property
    def is_group(self) -> bool:
        return bool(self.command) and any(each.startswith(f"{self.command} ") for each in self.commands)

    def take(self, word: str) -> None:
        if self.pending is not None:
            if word != "=":  # bash makes three words of `--person=ana`
                self.options[self.pending.names[0]] = word
                self.pending = None
        elif word == "--" and not self.only_arguments:
            self.only_arguments = True
        elif word.startswith("-") and word != "-" and not self.only_arguments:
            self.take_option(word)
        elif (longer := f"{self.command} {word}".strip()) in self.commands and not self.arguments:
            self.command = longer
        elif not self.command and word == HELP:
            self.asks_for_help = True
        else:
            self.arguments.append(word)

    def take_option(self, word: str) -> None:
        name, equals, value = word.partition("=")
        if not word.startswith("--") and len(name) > 2:
            name, equals, value = word[:2], "=", word[2:]
        option = self.option(name)
        if option is not None and option.value and not equals:
            self.pending = option
        elif option is not None:
            self.options[option.names[0]] = value

    def last(self, word: str) -> Typed:
        """What the last word is."""
        name, equals, value = word.partition("=")
        option = self.option(name)
        if self.pending is not None:
            return self.typed("" if word == "=" else word, self.pending.value, option=self.pending)
        if self.asks_for_help or not self.only_arguments:
            if option is not None and option.value and equals and not self.only_arguments:
                return self.typed(value, option.value, f"{name}=", option)
            if word.startswith("-"):
                return self.typed(word, "option")
        if self.is_group or not self.command:
            return self.typed(word, "" if self.arguments else "command")
        return self.typed(word, self.next_argument())

    def next_argument(self) -> str:
        known = self.entry.arguments
        if known and known[-1].endswith("..."):
            return known[min(len(self.arguments), len(known) - 1)].removesuffix("...")
        return known[len(self.arguments)] if len(self.arguments) < len(known) else "option"

    def typed(self, word: str, wanted: str, prefix: str = "", option: Option | None = None) -> Typed:
        return Typed(
            command=self.command,
            word=word,
            prefix=prefix,
            wanted=tuple(wanted.split("|")),
            option=option.names[0] if option else "",
            arguments=tuple(self.arguments),
            options=self.options,
        )


def commands_after(command: str) -> Iterator[Completion]:
    """The names that may follow a command's, each with its help."""
    for name, entry in entries().items():
        before, _, last = name.rpartition(" ")
        if name and before == command:
            yield last, entry.help


def options_of(typed: Typed) -> Iterator[Completion]:
    """The options that a command may still get, each by its longest name; `--help` is all that a group may."""
    found = entries()
    before, common = found[typed.command].options, found[""].options
    is_group = bool(typed.command) and any(each.startswith(f"{typed.command} ") for each in found)
    kept = {"--help"} if is_group else {each.names[0] for each in common} - ({"--version"} if typed.command else set())
    for each in [*before, *common] if typed.command else common:
        if each.names[0] not in typed.options and (each in before or each.names[0] in kept):
            yield each.names[0], each.help
