"""Real shells in a terminal of their own, in which keys are pressed and what stands on the line is read."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import time
from pathlib import Path

STARTS = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        'bind "set enable-bracketed-paste off"; eval "$(setrota completion bash)"',
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        "unsetopt zle_bracketed_paste prompt_sp; autoload -Uz compinit; compinit -D -u; "
        'eval "$(setrota completion zsh)"',
    ),
    "fish": (["fish", "--no-config", "-i"], "setrota completion fish | source"),
}
"""How each shell is started without anyone's settings, and what people put into their settings for setrota."""

PATIENCE = 30.0
"""Seconds; a machine may be slow, but no test waits for nothing."""

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07")


class Terminal:
    """A shell in a folder, in which `setrota` is this program."""

    def __init__(self, shell: str, folder: Path, scratch: Path, settings: dict[str, str]) -> None:
        programs = {
            "setrota": f'exec "{sys.executable}" -m setrota "$@"',
            "words": "printf '<%s>' \"$@\"; echo 'the'end",
        }
        (scratch / "bin").mkdir()
        for name, script in programs.items():
            program = scratch / "bin" / name
            program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            program.chmod(0o755)
        command, setup = STARTS[shell]
        environment = {**settings, "PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(scratch),
                       "TERM": "xterm", "LANG": "C.UTF-8", "PS1": "$ ", "COLUMNS": "200"}  # fmt: skip
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        self.seen = ""
        self.type(f"{setup}; echo re''ady\r", "ready")

    def type(self, keys: str, expected: str) -> str:
        """Press keys, and wait until a text is shown; all that was shown since."""
        self.seen = ""
        os.write(self.end, keys.encode())
        deadline = time.monotonic() + PATIENCE
        while expected not in self.seen:
            left = deadline - time.monotonic()
            assert left > 0, f"{expected!r} is not shown after {keys!r}:\n{self.seen}"
            if select.select([self.end], [], [], left)[0]:
                self.seen += _CONTROL.sub("", os.read(self.end, 65536).decode("utf-8", "replace"))
        return self.seen

    def words(self, keys: str) -> list[str]:
        """Press keys on an empty line; the words that a command would get, as it stands then."""
        return re.findall(r"<(.*?)>", self.type(f"{keys}\x01words \r", "theend"))

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.end)
