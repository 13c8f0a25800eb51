"""Text from strangers on terminals and in logs."""

from __future__ import annotations

import pytest

from shipway.changelog.plain import plain


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("::error file=x::boo", ": :error file=x::boo"),
        ("fine\n  ::set-output name=a::b", "fine\n  : :set-output name=a::b"),
        ("fine\r::add-mask::x", "fine\n: :add-mask::x"),
        ("fine\u2028::stop-commands::x", "fine\n: :stop-commands::x"),
        ("\u3000::error::x", "\u3000: :error::x"),
        ("\x1b[31m::error::x\x1b[0m", ": :error::x"),
        (":\x1b[0m:error::x", ": :error::x"),
        (":\u200b:error::x", ": :error::x"),
        ("\ufeff::error::x", ": :error::x"),
        ("##[error]x", "## [error]x"),
        ("text ##[command]x", "text ## [command]x"),
        ("#\x00#[error]", "## [error]"),
        ("\x1b]0;title\x07shown", "shown"),
        ("\x1b]0;open\n::error::x", "\n: :error::x"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x08\x08b\x7f\x9b31mc", "abc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("bad \ud800 half", "bad \ufffd half"),
    ],
)
def test_escapes_controls_and_commands_lose_their_power(text: str, wanted: str) -> None:
    assert plain(text) == wanted


@pytest.mark.parametrize("text", ["", "## [1.2.0] - 2026", "a::b", "- std::string\n\tcode", "# x", "naïve 日本 🎉"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_long_hostile_texts_are_quick() -> None:
    for text in ("\n" * 50_000, " " * 50_000, "\x1b[" * 50_000, ":" * 50_000, "\x1b]" + "0" * 50_000):
        plain(text)
