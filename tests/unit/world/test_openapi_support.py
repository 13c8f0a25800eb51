"""The description that exchanges are held against refuses what GitHub would not understand or answer."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from openapi_spec_validator import validate

from world.openapi_support import Exchange, document, hold

SENT = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
LIST = Exchange("GET", "http://h/api/v3/repos/a/b/releases?per_page=100", SENT, None, 200, "application/json", b"[]")


def test_the_cut_out_is_a_description_by_itself() -> None:
    validate(document())


def test_a_good_exchange_holds() -> None:
    hold(LIST)


def create(**fields: object) -> Exchange:
    body = json.dumps({"tag_name": "v1", **fields}).encode()
    url = "http://h/repos/a/b/releases"
    return Exchange("POST", url, SENT, body, 404, "application/json", b'{"message": "Not Found"}')


def test_a_good_request_holds() -> None:
    hold(create(draft=True, make_latest="false"))


@pytest.mark.parametrize(
    "bad",
    [
        replace(LIST, url="http://h/repos/a/b/release"),
        replace(LIST, method="DELETE"),
        replace(LIST, url="http://h/repos/a/b/releases?page_size=100"),
        replace(LIST, url="http://h/repos/a/b/releases?per_page=many"),
        replace(LIST, headers={}),
        replace(LIST, answer=b'[{"id": 1}]'),
        replace(LIST, answer=b"{}"),
        replace(LIST, status=204),
        replace(LIST, status=403, answer=b"[]"),
        create(tag_name=None),
        create(draft="yes"),
        create(target_comitish="main"),
        create(make_latest=True),
    ],
)
def test_a_bad_exchange_does_not_hold(bad: Exchange) -> None:
    with pytest.raises(AssertionError):
        hold(bad)
