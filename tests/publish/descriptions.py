"""The services' own descriptions of their APIs, in `specs`, against which tests hold every request and every answer.

What is kept of each is what setrota uses. Reads OpenAPI 3.0, and Swagger 2.0 as what it is in OpenAPI 3.0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI

SPECS = Path(__file__).parent / "specs"
HOST = "http://described"
"""Where the descriptions are made to say that the API is; the port of a test's server is known too late."""


@cache
def description(name: str) -> OpenAPI:
    """The description `specs/NAME.json`, read once."""
    document = json.loads((SPECS / f"{name}.json").read_text(encoding="utf-8"))
    if "swagger" in document:
        document = _upgraded(document)
    return OpenAPI.from_dict(document | {"servers": [{"url": HOST}]})


def _upgraded(swagger: Mapping[str, Any]) -> dict[str, Any]:
    """A description in Swagger 2.0 as OpenAPI 3.0; of the parts that setrota's services use."""
    moved = json.loads(
        json.dumps(swagger)
        .replace("#/definitions/", "#/components/schemas/")
        .replace("#/parameters/", "#/components/parameters/")
        .replace("#/responses/", "#/components/responses/"),
        object_hook=_without_discriminator,
    )
    paths = {
        path: {word: _operation(each) if word in _METHODS else each for word, each in operations.items()}
        for path, operations in moved["paths"].items()
    }
    return {
        "openapi": "3.0.3",
        "info": moved["info"],
        "paths": paths,
        "security": moved.get("security", []),
        "components": {
            "schemas": moved.get("definitions", {}),
            "parameters": {name: _parameter(each) for name, each in moved.get("parameters", {}).items()},
            "responses": {name: _response(each) for name, each in moved.get("responses", {}).items()},
            "securitySchemes": moved.get("securityDefinitions", {}),
        },
    }


_METHODS = ("get", "post", "put", "patch", "delete")
_KEPT = ("name", "in", "required", "description", "schema", "$ref")


def _without_discriminator(table: dict[str, Any]) -> dict[str, Any]:
    """A schema without the name of a property that tells its kinds apart, which OpenAPI 3 writes otherwise."""
    return {word: value for word, value in table.items() if word != "discriminator" or not isinstance(value, str)}


def _operation(operation: Mapping[str, Any]) -> dict[str, Any]:
    parameters = operation.get("parameters", [])
    found = {
        "parameters": [_parameter(each) for each in parameters if each.get("in") != "body"],
        "responses": {status: _response(each) for status, each in operation["responses"].items()},
    }
    for body in (each for each in parameters if each.get("in") == "body"):
        found["requestBody"] = {"required": body.get("required", False), "content": _json(body["schema"])}
    return found


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    kept = {word: value for word, value in parameter.items() if word in _KEPT}
    rest = {word: value for word, value in parameter.items() if word not in _KEPT and not word.startswith("x-")}
    rest.pop("collectionFormat", None)
    return kept | ({"schema": rest} if rest else {})


def _response(response: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in response:
        return dict(response)
    content = {"content": _json(response["schema"])} if "schema" in response else {}
    return {"description": response.get("description", ""), **content}


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
