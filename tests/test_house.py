"""The structure that docs/architecture.md describes, where import-linter's contracts don't hold it already."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

TOP = Path(__file__).parents[1]
SOURCE = TOP / "src" / "setrota"
MOST_NEIGHBOURS = 3


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions and for type checking count too."""
    graph = grimp.build_graph("setrota")
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    TopologicalSorter(imports).prepare()  # raises CycleError with the circle


def test_every_class_name_is_used_once() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(str(path.relative_to(SOURCE)))

    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def _layers() -> list[str]:
    contracts = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return [layer for contract in contracts if contract["type"] == "layers" for layer in contract["layers"]]


@pytest.mark.parametrize("layer", _layers())
def test_a_layer_has_few_rooms_side_by_side(layer: str) -> None:
    assert len(layer.split("|")) <= MOST_NEIGHBOURS


def test_every_room_is_described() -> None:
    """The tree in docs/architecture.md names each room at the top, and no other."""
    page = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page.partition("src/setrota/\n")[2].partition("```")[0]
    named = {
        line.split()[0].rstrip("/").removesuffix(".py")
        for line in tree.splitlines()
        if line.startswith("  ") and line[2] != " "
    }
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert named == rooms - {"__init__", "__main__"}


def test_every_place_that_the_page_names_exists() -> None:
    page = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## The rooms")[2]
    named = {word for word in re.findall(r"`([a-z_./]+)`", page) if "/" in word or word.endswith(".py")}

    assert {word for word in named if not any((base / word).exists() for base in (TOP, SOURCE))} == set()
