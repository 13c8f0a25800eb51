"""Versions and their tags: choosing the next one, and reading it back from a tag (PEP 440)."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.version import InvalidVersion, Version

from shipway.release.outcomes import BlockedError, UsageError
from shipway.release.spelling import read_form

LEVELS = ("major", "minor", "patch", "final")
"""The bumps that have a name; an explicit version is the other way to say one."""

PRES = ("a", "b", "rc", "dev", "post")
"""The kinds of version that are not a plain final release."""

SAYABLE = "say major, minor, patch, final, or a version such as 1.2.3"


def next_version(current: Version, bump: str, pre: str | None = None) -> Version:
    """Choose the version that follows ``current``: by a level, or the one that ``bump`` spells out.

    A level on a pre-release of exactly that release gives the release itself (1.3.0rc1, minor: 1.3.0).
    Raises `UsageError` for words that mean nothing, `BlockedError` for a version that does not go up.
    """
    require_kind(pre)
    wanted = _by_level(current, bump, pre) if bump in LEVELS else _explicit(bump, pre)
    if wanted == current:
        raise BlockedError(f"{current} is the version already", remedy=SAYABLE)
    if wanted < current:
        why = "installers take the highest version, so a lower one would reach nobody"
        raise BlockedError(f"{wanted} goes down: the version is {current}", why=why, remedy=SAYABLE)
    return wanted


def require_kind(pre: str | None) -> None:
    """Refuse a word that is no kind of pre-release."""
    if pre is not None and pre not in PRES:
        remedy = f"say one of {', '.join(PRES)}"
        raise UsageError(f"{pre!r} is no kind of pre-release{_closest(pre, PRES)}", remedy=remedy)


def kind_of(word: str) -> str:
    """Give the kind of pre-release that a tool's word means ("beta", "alpha.1"); "" for none."""
    version = find_version(f"1.0-{word.rstrip('.0123456789')}.1") if word else None
    return version.pre[0] if version is not None and version.pre is not None else ""


def find_version(text: str) -> Version | None:
    """Read a version; None for any other text."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def parse_tag(tag: str, tag_format: str) -> Version | None:
    """Read the version out of a tag, or give None where the tag is not of this format."""
    return read_form(tag_format).parse(tag)


def render_tag(version: Version, tag_format: str) -> str:
    """Give the name of a version's tag (or branch)."""
    return read_form(tag_format).render(version)


def explain(bump: str, pre: str | None, start: Version, version: Version) -> str:
    """Say how a version comes from a person's words, and where other tools would go on to another."""
    if bump not in LEVELS:
        return f"{version} was asked for, after {start}"
    if version != Version(start.base_version) or not start.is_prerelease:
        return f"{bump}{f' --pre {pre}' if pre else ''} after {start} is {version}"
    if bump == "final" or start.is_devrelease:
        return f"{version} is what {start} leads to"
    return f"{start} is not final, so {bump} finishes {version}; uv would go on to {next_version(version, bump)}"


def difference(last: Version, version: Version) -> str:
    """Name the level by which a version is above another: major, minor or patch, final or post for the same release."""
    place = _first_change(last, version)
    if last.epoch != version.epoch:
        return "major"
    if place is None:
        return "post" if version.is_postrelease else "final"
    return LEVELS[min(place, LEVELS.index("patch"))]


def follows(version: Version, last: Version) -> bool:
    """Whether a version can come right after another: none of its numbers behind the one that rose says more than 0."""
    place = _first_change(last, version)
    return place is None or version.epoch > last.epoch or not any(version.release[place + 1 :])


def spelled_like(version: Version, known: Iterable[Version]) -> Version:
    """Write as many zeros at the end of a release's numbers as the last comparable one: 1.3 after 1.2 and 1.2.1.

    Where none is comparable, a shorter one among longer ones shows that zeros are not written: 6.0 after 5.4 and 5.4.1.
    """
    numbers, known = version.release, [*known]
    rising = max((place for place, number in enumerate(numbers) if number), default=0)
    longest = max((len(one.release) for one in known), default=0)
    like = [one for one in known if not any(one.release[rising + 1 :]) and len(one.release) > rising]
    like += [one for one in known if len(one.release) < longest or not one.release[-1]]
    if not like:
        return version
    length = max(len(like[0].release), rising + 1)
    kept = (*numbers, *(0 for _ in range(length)))[:length]
    return _assemble(version.epoch, kept, pre=version.pre, post=version.post, dev=version.dev)


def _first_change(last: Version, version: Version) -> int | None:
    """Give the place of the first number in which two versions differ."""
    width = max(len(last.release), len(version.release))
    old, new = ((*one.release, *(0 for _ in range(width - len(one.release)))) for one in (last, version))
    return next((place for place in range(width) if old[place] != new[place]), None)


def _closest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # only where a word is wrong

    matches = get_close_matches(word.lower(), list(known), n=1)
    return f" (did you mean {matches[0]}?)" if matches else ""


def _explicit(bump: str, pre: str | None) -> Version:
    wanted = find_version(bump)
    if wanted is None:
        raise UsageError(f"{bump!r} is no bump{_closest(bump, LEVELS)}", remedy=SAYABLE)
    if pre is not None:
        raise UsageError(f"{bump} is a whole version, so --pre {pre} says it twice", remedy=SAYABLE)
    if wanted.local is not None:
        why = "local versions (after the +) are for private builds; indexes refuse them"
        raise UsageError(f"{bump} has a local part", why=why, remedy=f"say {wanted.public}")
    return wanted


def _by_level(current: Version, level: str, pre: str | None) -> Version:
    if pre == "post":
        return _next_post(current, level)
    release = current.release if level == "final" else _release_of(current, level)
    same = release == current.release
    if pre is None:
        post = current.post if level == "final" and current.pre is None else None
        return _assemble(current.epoch, release, post=post)
    if pre == "dev":
        return _next_dev(current, release, same=same)
    number = 1
    if same and current.pre is not None and current.pre[0] == pre:
        is_dev = current.dev is not None and current.post is None
        number = current.pre[1] if is_dev else current.pre[1] + 1
    return _assemble(current.epoch, release, pre=(pre, number))


def _release_of(current: Version, level: str) -> tuple[int, ...]:
    """Give the release that a level leads to, with as many numbers as the project writes."""
    place = LEVELS.index(level)
    numbers = [*current.release, *(0 for _ in range(place + 1 - len(current.release)))]
    unreleased = current.pre is not None or (current.dev is not None and current.post is None)
    if unreleased and not any(numbers[place + 1 :]):
        return current.release
    numbers[place] += 1
    return (*numbers[: place + 1], *(0 for _ in numbers[place + 1 :]))


def _next_dev(current: Version, release: tuple[int, ...], *, same: bool) -> Version:
    if same and current.dev is not None:
        return _assemble(current.epoch, release, pre=current.pre, post=current.post, dev=current.dev + 1)
    return _assemble(current.epoch, release, dev=1)


def _next_post(current: Version, level: str) -> Version:
    if level != "final":
        why = "a post-release mends the release that is out, so it has no level"
        raise UsageError(f"{level} and --pre post do not go together", why=why, remedy="say final --pre post")
    if current.pre is not None or (current.dev is not None and current.post is None):
        raise BlockedError(
            f"{current} is not final, so nothing can come after it as a post-release", remedy="say final"
        )
    number = 1 if current.post is None else current.post + (current.dev is None)
    return _assemble(current.epoch, current.release, post=number)


def _assemble(
    epoch: int,
    release: tuple[int, ...],
    *,
    pre: tuple[str, int] | None = None,
    post: int | None = None,
    dev: int | None = None,
) -> Version:
    """Put a version together from its parts."""
    text = f"{epoch}!" if epoch else ""
    text += ".".join(str(number) for number in release)
    text += f"{pre[0]}{pre[1]}" if pre else ""
    text += f".post{post}" if post is not None else ""
    text += f".dev{dev}" if dev is not None else ""
    return Version(text)
