"""Checks of the rules: main kept as the flow wants it, and release branch and tag not refused on the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from shipway.adopt.doctor.check import ForgeCheck
from shipway.adopt.doctor.facts import Facts, ForgeFacts, given
from shipway.adopt.doctor.finding import Finding, Level, advice, blocks, does_not_apply, fine, unknown
from shipway.world.forge_settings import Protection, Rule

KEEP_PUSHES = ("pull_request", "update", "merge_queue", "required_status_checks")
"""Types of rules that keep a branch from being pushed to."""
KEEP_CREATION = ("creation", "required_status_checks")
"""Types of rules that keep a branch from being made."""
MAY_KEEP_CREATION = ("pull_request", "merge_queue")
"""Types of rules of which the forge does not say whether they hold for a branch that is made by its first push."""
SETTINGS = "rules and branches in the settings of the repository"


class MainIsKept(ForgeCheck):
    """Publish first: protect main, so that it changes by pull requests alone. Direct: let the token past the rules."""

    name: ClassVar[str] = "main"
    question: ClassVar[str] = "is main protected as the flow wants it?"
    worst: ClassVar[Level] = "blocks"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: publish-first wants main protected, direct wants it open to us."""
        branch = facts.configuration.branch
        found = given(forge.main)
        if found is None:
            return unknown(f"the forge has no branch {branch}", "it may not have been pushed yet", "git push")
        rules = [rule for rule in given(forge.main_rules) if rule.kind in KEEP_PUSHES]
        if facts.is_publish_first:
            return _protected(branch, is_classic=found.is_protected, rules=rules)
        return _open(branch, forge, is_classic=found.is_protected, rules=rules)


def _protected(branch: str, *, is_classic: bool, rules: Sequence[Rule]) -> Finding:
    if is_classic or rules:
        how = "branch protection" if is_classic else ", ".join(sorted({rule.ruleset for rule in rules}))
        return fine(f"{branch} is protected, by {how}")
    why = "anybody who may push could change it past every review, also between a release and its pull request"
    return advice(f"{branch} is not protected", why, f"add a ruleset that requires pull requests for {branch}")


def _open(branch: str, forge: ForgeFacts, *, is_classic: bool, rules: Sequence[Rule]) -> Finding:
    """Judge for the direct flow, which pushes main itself."""
    remedy = f'let the releasing token past it ({SETTINGS}), or set flow = "publish-first" in [tool.shipway]'
    why = "this flow pushes main itself, after the version is published"
    if refusing := [rule for rule in rules if not rule.is_bypassed]:
        return blocks(f"{refusing[0].ruleset} keeps {branch} from being pushed: {refusing[0].kind}", why, remedy)
    if not is_classic:
        return fine(f"{branch} may be pushed")
    protection = given(forge.protection)
    is_past = given(forge.access).is_admin and protection is not None and not protection.binds_admins
    if protection is None or not protection.wants_pull_request or is_past:
        return fine(f"{branch} is protected, and lets us past")
    return blocks(f"the protection of {branch} wants a pull request", why, remedy)


class RequiredChecks(ForgeCheck):
    """Start the workflows that report the required checks on `pull_request`, as a release's pull request does."""

    name: ClassVar[str] = "required checks"
    question: ClassVar[str] = "will the checks that main requires ever be reported?"
    worst: ClassVar[Level] = "advice"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: a required check that nothing reports keeps the release's pull request open for ever."""
        if not facts.is_publish_first:
            return does_not_apply("the direct flow opens no pull request")
        main = given(forge.main)
        listed = [name for rule in given(forge.main_rules) for name in rule.checks]
        names = sorted({*listed, *(main.checks if main else ())})
        if not names:
            return does_not_apply(f"{facts.configuration.branch} requires none")
        starters = ("pull_request", "pull_request_target")
        if any(trigger in starters for workflow in facts.workflows for trigger in workflow.triggers):
            return fine(", ".join(names))
        why = "no workflow here starts on pull_request; another system may report them"
        return advice(f"nothing here reports {', '.join(names)}", why, "add pull_request to what starts the workflow")


class ReleaseBranchIsFree(ForgeCheck):
    """Exempt `release/*` from the ruleset, let the releasing token past it, or set `release-branch` to a free name."""

    name: ClassVar[str] = "release branch"
    question: ClassVar[str] = "may the release branch be made?"
    worst: ClassVar[Level] = "blocks"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: the release commit needs a branch before anything is published."""
        branch, rules = facts.release_branch, given(forge.release_rules)
        holding = [rule for rule in rules if not rule.is_bypassed and not rule.allows_creation]
        remedy = f"exempt {branch} from it ({SETTINGS}), or set release-branch in [tool.shipway]"
        why = "the release commit needs a branch before anything is published"
        if refusing := [rule for rule in holding if rule.kind in KEEP_CREATION]:
            return blocks(f"{refusing[0].ruleset} refuses {branch}: {refusing[0].kind}", why, remedy)
        if doubtful := [rule for rule in holding if rule.kind in MAY_KEEP_CREATION]:
            return advice(f"{doubtful[0].ruleset} may refuse {branch}: {doubtful[0].kind}", why, remedy)
        return fine(f"no ruleset refuses {branch}")


class Signatures(ForgeCheck):
    """Have git sign: `git config commit.gpgSign true`, with `user.signingKey` and, for SSH keys, `gpg.format ssh`."""

    name: ClassVar[str] = "signatures"
    question: ClassVar[str] = "where commits must be signed, does git sign them?"
    worst: ClassVar[Level] = "blocks"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: the release branch meets the rule first, before anything is published, and main when it is merged."""
        rules = [*given(forge.release_rules), *given(forge.main_rules)]
        wanting = [rule.ruleset for rule in rules if rule.kind == "required_signatures" and not rule.is_bypassed]
        if isinstance(forge.protection, Protection) and forge.protection.wants_signatures:
            wanting.append(f"the protection of {facts.configuration.branch}")
        if not wanting:
            return fine("no rule that is shown to us wants signed commits")
        if facts.git.signs:
            return fine(f"commits are signed, as {wanting[0]} wants it")
        why = "the release commit would be unsigned, and refused"
        return blocks(f"{wanting[0]} wants signed commits, and git signs none", why, "git config commit.gpgSign true")


class TagIsFree(ForgeCheck):
    """Let the releasing token past the ruleset for tags, or take the names of version tags out of it."""

    name: ClassVar[str] = "tag rules"
    question: ClassVar[str] = "may the tag be made?"
    worst: ClassVar[Level] = "blocks"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: rules that keep tags from moving or vanishing are welcome; one against new tags is not."""
        tag = facts.tag
        holding = [rules for rules in given(forge.tag_rulesets) if rules.holds_for(tag)]
        refusing = [rules for rules in holding if "creation" in rules.kinds and not rules.is_bypassed]
        if refusing:
            remedy = f"let the releasing token past it ({SETTINGS}), or take {tag} out of it"
            why = "the version would be on the index, and stay without its tag"
            return blocks(f"the ruleset {refusing[0].name!r} refuses the tag {tag}", why, remedy)
        kept = f"; {', '.join(rules.name for rules in holding)} holds for it" if holding else ""
        return fine(f"no ruleset refuses {tag}{kept}")


class Immutable(ForgeCheck):
    """Nothing to mend: a release puts its files in while the forge release is a draft; only later ones are refused."""

    name: ClassVar[str] = "immutable releases"
    question: ClassVar[str] = "do forge releases stay as they are?"
    worst: ClassVar[Level] = "unknown"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: yes and no are both fine."""
        del facts
        if given(forge.immutable):
            return fine("on: once published, a forge release takes no other file, and its tag stays")
        return fine("off: a published forge release can be changed")
