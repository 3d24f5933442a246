"""Problems as annotations of a pull request: the workflow commands that GitHub Actions reads from a step's output.

Syntax: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands. GitHub shows the first ten
errors, warnings and notices of a step.
"""

from __future__ import annotations

from collections.abc import Iterable

from setrota.problems import Problem, Severity

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def workflow_commands(problems: Iterable[Problem]) -> list[str]:
    """One line for each problem, in the same order; paths stay as they are."""
    return [_annotation(each) for each in problems]


def _annotation(problem: Problem) -> str:
    properties = {"title": f"setrota: {problem.code}"}
    if problem.where:
        line = {"line": str(problem.where.line)} if problem.where.line else {}
        properties = {"file": problem.where.file} | line | properties
    named = ",".join(f"{name}={_property(text)}" for name, text in properties.items())
    message = problem.message + (f"\nhint: {problem.whole_hint}" if problem.hint else "")
    return f"::{LEVELS[problem.severity]} {named}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
