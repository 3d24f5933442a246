"""Which files count as parts of a roster, so that messages about them may quote them."""

from __future__ import annotations

import pytest

from setrota.files.roster.recognition import parse_roster
from setrota.problems import Refused

pytestmark = pytest.mark.quick

SECRET = "hunter2"


@pytest.mark.parametrize(
    "text",
    [
        f'[teams.ops]\npassword = "{SECRET}"\n',
        f'[people.root]\npassword = "{SECRET}"\n',
        f'[people]\nroot = "{SECRET}"\n',
        f'[people.root.login]\npassword = "{SECRET}"\n[people.root]\nname = "Root"\nshell = "{SECRET}"\n',
        f'[channel]\ntoken = "{SECRET}"\n',
        f'[publish.registry]\nauth = "{SECRET}"\n[calendar]\npassword = "{SECRET}"\n',
        f'[[sources]]\nurl = "https://me:{SECRET}@example.com"\nverify_ssl = true\nusername = "{SECRET}"\n',
        f'[rules]\n{SECRET} = 1\n[holidays]\n{SECRET} = 1\n',
        f'[teams.ops]\nname = "Ops"\n[servers]\npassword = "{SECRET}"\n[clients]\n',
        # Not TOML.
        f'[teams.ops]\npassword = {SECRET}\n',
        f'[people.root]\n"{SECRET}" = 1\n"{SECRET}" = 2\n',
        f'[people.root]\nname = "Root"\nlogin.{SECRET} = 1\nlogin.{SECRET} = 2\n',
        f"[people.{SECRET}]\n[people.{SECRET}]\n",
        f"people.{SECRET} = 1\npeople.{SECRET} = 2\n",
        f"[servers]\n[people]\n{SECRET} = {SECRET}\n",
    ],
)  # fmt: skip
def test_a_file_with_a_heading_of_ours_is_not_shown(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_roster(text.encode(), "other.toml")
    [problem] = caught.value.problems
    assert problem.code == "not-a-roster"
    assert SECRET not in f"{problem.message} {problem.hint}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "[people]\n",
        "[people.bo]\n# his\n",
        "[rota]\nfoo = 1\n[servers]\n",
        '[people.bo]\nname = "Bo"\n',
        '[people.bo]\nname = "Bo"\nemial = "bo@example.com"\n',
        "[people]\nbo = { share = 0.5 }\n",
        "[people.bo.lindqvist]\nshare = 0.5\n",
        "[people.bo.accounts]\npagerduty = 'P1'\n",
        '[teams.ops]\nengineers = ["bo"]\n',
        "[[pins]]\nperson = 'bo'\n",
        'include = ["more/*.toml"]\n',
        "[rules]\nfreeze = 2\n",
        "[publish.mattermost]\nurl = 'https://chat.example.com'\n",
    ],
)
def test_a_part_of_a_roster_is_known_by_its_keys(text: str) -> None:
    assert parse_roster(text.encode(), "part.toml").text == text


@pytest.mark.parametrize(
    "text",
    [
        '[people.bo]\nname = "Bo\n',
        '[people."bo.l"]\nshare = 0.5\n[people."bo.l"]\nname = "Bo"\n',
        'people.bo.name = "Bo\n',
        "[people.bo]\nx\n",
        "[teams.ops]\nengineers = [\n",
        "[rota]\nx\n",
    ],
)
def test_a_part_that_is_not_toml_is_explained(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_roster(text.encode(), "part.toml")
    assert [problem.code for problem in caught.value.problems] != ["not-a-roster"]
