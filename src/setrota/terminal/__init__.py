"""Everything a terminal shows: tables and lines for people. Data goes to stdout, talk to stderr.

Knows how things look, not what they mean. A room for each thing shown: `talk` has lines and problems, `progress` the
time of solving, `rota` tables of schedules, `crew` who is on duty, `plans` what planning found, `balances` fairness;
`tables` draws. `rich` is imported only where a table is drawn, so that `now` stays quick.
"""

from setrota.terminal.progress import working
from setrota.terminal.talk import flush, give_up, judge, paragraph, pass_through, say, show, tell, write

__all__ = ["flush", "give_up", "judge", "paragraph", "pass_through", "say", "show", "tell", "working", "write"]
