"""JSON Schemas of what commands answer with `--format json`, made from the types of their documents.

msgspec makes them: it reads TypedDicts, which are plain dicts when the program runs, so that the types cost the other
commands nothing. pydantic needs its own classes and is a hundred times larger; writing our own generator would repeat
what the types say.
"""

from __future__ import annotations

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
    "undo": (documents.UndoDocument, documents.UndoListDocument),
    "redo": (documents.UndoDocument,),
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
    (_, *references), definitions = msgspec.json.schema_components(
        (documents.EnvelopeDocument, *DOCUMENTS[command]), ref_template="#/$defs/{name}"
    )
    envelope = definitions.pop("EnvelopeDocument")
    keys = envelope["properties"]
    keys["command"] = {"description": keys["command"]["description"], "const": command}
    keys["data"] = {"description": keys["data"]["description"], "anyOf": [*references, {"type": "null"}]}
    return {
        "$schema": DIALECT,
        "title": f"setrota {command} --format json",
        **{key: value for key, value in envelope.items() if key != "title"},
        "$defs": dict(sorted(definitions.items())),
    }
