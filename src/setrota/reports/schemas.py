"""JSON Schemas of what commands answer with `--format json`, made out of the types of their documents.

msgspec makes them: it reads TypedDicts, which are plain dicts when the program runs, so that the types cost the other
commands nothing. pydantic wants the same in classes of its own and is a hundred times the size; a generator of ours
would have to know again what types mean.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from setrota.reports import documents

DIALECT = "https://json-schema.org/draft/2020-12/schema"

DOCUMENTS: Mapping[str, tuple[type, ...]] = {
    "check": (documents.CheckDocument,),
    "plan": (documents.PlanDocument,),
    "now": (documents.NowDocument,),
    "show": (documents.ShowDocument,),
    "fairness": (documents.FairnessDocument,),
    "explain": (documents.ExplanationEntry, documents.PersonExplanationDocument, documents.CodeDocument),
    "cover": (documents.CandidatesDocument, documents.CoverDocument),
    "fill": (documents.CandidatesDocument, documents.CoverDocument),
    "swap": (documents.PartnersDocument, documents.SwapDocument),
    "replan": (documents.ReplanDocument,),
    "pin": (documents.PinDocument,),
    "unpin": (documents.PinDocument,),
    "leave list": (documents.LeaveDocument,),
    "leave add": (documents.LeaveSavedDocument,),
    "leave import": (documents.LeaveSavedDocument,),
    "diff": (documents.DiffDocument,),
    "log": (documents.LogDocument,),
    "brief": (documents.BriefDocument,),
    "publish mattermost": (documents.PublishDocument,),
    "publish webhook": (documents.PublishDocument,),
    "publish caldav": (documents.PublishDocument,),
    "publish oncall": (documents.PublishDocument,),
    "import csv": (documents.ImportDocument,),
}
"""The documents that each command can answer with: the types of `data`."""


def answer_schema(command: str) -> dict[str, Any]:
    """The JSON Schema of the envelope in which a command of DOCUMENTS answers."""
    return _schema(f"setrota {command} --format json", DOCUMENTS[command], {"const": command})


def failure_schema() -> dict[str, Any]:
    """The JSON Schema of the envelope of a command line that names no command that could answer."""
    return _schema("setrota", (), {"type": ["string", "null"]})


def schema_text(schema: Mapping[str, Any]) -> str:
    """A schema as it is printed, always in the same bytes, with a line end."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _schema(title: str, answers: tuple[type, ...], command: dict[str, Any]) -> dict[str, Any]:
    (_, *references), definitions = msgspec.json.schema_components(
        (documents.EnvelopeDocument, *answers), ref_template="#/$defs/{name}"
    )
    envelope = definitions.pop("EnvelopeDocument")
    keys = envelope["properties"]
    keys["command"] = {"description": keys["command"]["description"], **command}
    keys["data"] = {"description": keys["data"]["description"], "anyOf": [*references, {"type": "null"}]}
    return {
        "$schema": DIALECT,
        "title": title,
        **{key: value for key, value in envelope.items() if key != "title"},
        "$defs": dict(sorted(definitions.items())),
    }
