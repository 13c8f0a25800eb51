# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Cut out of GitHub's published API description what the tests hold requests and answers against.

Fetch the description with `npm pack @octokit/openapi`, unpack it, then run

    python scripts/cut_github_openapi.py package/generated/api.github.com.json tests/world/github-openapi.json

Only the operations below stay, with whatever they refer to; words for people and examples go.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OPERATIONS = frozenset(
    {
        "actions/get-github-actions-default-workflow-permissions-repository",
        "actions/get-workflow-run",
        "checks/list-for-ref",
        "issues/add-labels",
        "pulls/create",
        "pulls/create-review",
        "pulls/get",
        "pulls/list",
        "pulls/merge",
        "pulls/update",
        "repos/check-immutable-releases",
        "repos/create-release",
        "repos/delete-release",
        "repos/delete-release-asset",
        "repos/generate-release-notes",
        "repos/get",
        "repos/get-branch",
        "repos/get-branch-protection",
        "repos/get-branch-rules",
        "repos/get-environment",
        "repos/get-latest-release",
        "repos/get-release",
        "repos/get-release-asset",
        "repos/get-release-by-tag",
        "repos/get-repo-ruleset",
        "repos/get-repo-rulesets",
        "repos/list-release-assets",
        "repos/list-releases",
        "repos/update-release",
        "repos/upload-release-asset",
    }
)
METHODS = frozenset({"get", "put", "post", "delete", "patch"})
NOT_NEEDED = frozenset({"summary", "example", "examples", "externalDocs", "tags", "title", "links"})
NAMED_BY_PEOPLE = frozenset({"properties", "patternProperties"})
COMPONENTS = "#/components/"


def main(source: str, target: str) -> None:
    """Cut the description in one file down into another."""
    whole = json.loads(Path(source).read_text(encoding="utf-8"))
    paths = {path: kept for path, item in whole["paths"].items() if (kept := cut_path(item))}
    missing = OPERATIONS - {operation["operationId"] for item in paths.values() for operation in item.values()}
    if missing:
        sys.exit(f"not in {source}: {', '.join(sorted(missing))}")
    info = {key: whole["info"][key] for key in ("title", "version", "license")}
    cut = {"openapi": whole["openapi"], "info": info, "servers": whole["servers"], "paths": paths}
    cut["components"] = cut_components(whole, paths)
    text = json.dumps(cut, indent=1, sort_keys=True)
    Path(target).write_text(f"{text}\n", encoding="utf-8")
    print(f"{len(OPERATIONS)} operations, {len(text) // 1000} kB")


def cut_path(item: dict[str, Any]) -> dict[str, Any]:
    """Give the wanted operations of one path, without what only people read."""
    wanted = {m: o for m, o in item.items() if m in METHODS and o["operationId"] in OPERATIONS}
    return {method: strip(operation) for method, operation in wanted.items()}


def cut_components(whole: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    """Give everything that the paths refer to, directly or through another."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(references(paths))
    while waiting:
        kind, name = waiting.pop().removeprefix(COMPONENTS).split("/")
        if name not in found.setdefault(kind, {}):
            found[kind][name] = strip(whole["components"][kind][name])
            waiting += references(found[kind][name])
    return found


def references(node: object) -> Iterator[str]:
    """Give every reference inside a part of the description."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def strip(node: Any, *, names: bool = False) -> Any:  # noqa: ANN401 - JSON of any shape
    """Leave out words and examples; with ``names`` the keys are the API's own field names and all stay."""
    if isinstance(node, list):
        return [strip(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if names or not is_needless(key)}
    stripped = {key: strip(value, names=not names and key in NAMED_BY_PEOPLE) for key, value in kept.items()}
    if not names and isinstance(node.get("description"), str):
        stripped["description"] = ""  # a response must have one
    if not names and node.get("nullable") is True and "enum" in node and None not in node["enum"]:
        stripped["enum"] = [*node["enum"], None]  # GitHub means it so, OpenAPI 3.0.3 wants it said
    return stripped


def is_needless(key: str) -> bool:
    """Tell whether a key of the description itself is for people or for other tools."""
    return key in NOT_NEEDED or key.startswith("x-")


if __name__ == "__main__":
    main(*sys.argv[1:])
