"""The two streams of a terminal: what was asked for goes to stdout, everything else to stderr.

Knows how lines look, not what they mean. `output` writes lines and problems, `progress` shows the time of solving.
"""

from setrota.terminal.output import (
    filter_output,
    flush,
    json_text,
    paragraph,
    report_os_error,
    report_problems,
    say,
    show,
    show_json,
    show_problem,
    write,
)
from setrota.terminal.progress import with_progress

__all__ = [
    "filter_output",
    "flush",
    "json_text",
    "paragraph",
    "report_os_error",
    "report_problems",
    "say",
    "show",
    "show_json",
    "show_problem",
    "with_progress",
    "write",
]
