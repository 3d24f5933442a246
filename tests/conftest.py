"""What holds for all tests: how they are interrupted, which samples hypothesis draws, and which of them need git."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import answers
import pytest
from hypothesis import HealthCheck, settings

# In the background of a shell ^C is ignored, which a test of an interruption can't have.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same samples in every run, so that what breaks nothing fails nowhere; HYPOTHESIS_PROFILE=hunt draws others.
# How long a sample takes is never a test: machines are slow at times.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNHURRIED, derandomize=True)
settings.register_profile("hunt", UNHURRIED, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


MEASURED_CASES = 4
"""Coverage is measured for so many cases of a test at most: the others run the same lines, and measuring takes as long
as running."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    cases: Counter[tuple[Path, str]] = Counter()
    for item in items:
        test = (item.path, item.name.partition("[")[0])
        cases[test] += 1
        if cases[test] > MEASURED_CASES:
            item.add_marker(pytest.mark.no_cover)


# How many JSON answers were checked is said at the end of a run, over all processes of it.


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["checked"] = dict(answers.checked)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    answers.checked.update(getattr(node, "workeroutput", {}).get("checked", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if answers.checked:
        exits = Counter[str]()
        for key, number in answers.checked.items():
            exits[key.rpartition(" ")[2]] += number
        by_exit = ", ".join(f"{number} with exit {status}" for status, number in sorted(exits.items()))
        commands = len({key.rpartition(" ")[0] for key in answers.checked})
        terminalreporter.write_line(f"{exits.total()} JSON answers of {commands} commands checked: {by_exit}")


@pytest.fixture(scope="session")
def _unmarked_git(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `git` that fails."""
    git = tmp_path_factory.mktemp("unmarked-git") / "git"
    git.write_text("#!/bin/sh\necho 'fatal: a test that runs git needs the marker `git`' >&2\nexit 1\n")
    git.chmod(0o755)
    return git.parent


@pytest.fixture(autouse=True)
def _git_where_marked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _unmarked_git: Path) -> None:
    """Skip tests marked `git` where it isn't installed, and let no other test depend on it."""
    if request.node.get_closest_marker("git") is None:
        monkeypatch.setenv("PATH", str(_unmarked_git), prepend=os.pathsep)
    elif shutil.which("git") is None:
        pytest.skip("git is not installed")
