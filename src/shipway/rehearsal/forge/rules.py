"""Who may move which ref: one update hook, asked by pushes and by the REST interface alike.

The hook is a small shell script that git itself starts for each ref. What holds for the pushing token comes
by the environment; without it (somebody works on the bare repository itself) everything is allowed.
"""

from __future__ import annotations

from pathlib import Path

from shipway.rehearsal.forge.objects import BareRepository
from shipway.rehearsal.forge.state import RefRule, Repository, Token
from shipway.rehearsal.forge.switches import ForgeSwitches

HOOK = r"""#!/bin/sh
# The embedded forge's rules, asked by git for each ref: update REF OLD NEW.
[ -n "$SHIPWAY_FORGE_RULES" ] || exit 0
ref=$1 old=$2 new=$3
zero=0000000000000000000000000000000000000000
refuse() {
  echo "error: $1" >&2
  [ -z "$2" ] || echo "- $2" >&2
  exit 1
}

if [ "$new" = "$zero" ]; then kinds=delete
elif [ "$old" = "$zero" ]; then kinds=create
elif git merge-base --is-ancestor "$old" "$new" 2>/dev/null; then kinds=update
else kinds="update force"
fi

while IFS='|' read -r pattern refused message detail; do
  case $ref in $pattern) ;; *) continue ;; esac
  for kind in $kinds; do
    case " $refused " in *" $kind "*) refuse "$message for $ref." "$detail" ;; esac
  done
done <<RULES
$SHIPWAY_FORGE_RULES
RULES

case $SHIPWAY_FORGE_SIGNATURES/$ref in required/refs/heads/*)
  [ "$new" = "$zero" ] || for commit in $(git rev-list "$new" --not --all); do
    git cat-file commit "$commit" | sed '/^$/q' | grep -q '^gpgsig' ||
      refuse "GH013: Repository rule violations found for $ref." "Commits must have verified signatures."
  done ;;
esac

[ "$SHIPWAY_FORGE_WORKFLOWS" = refused ] && [ "$new" != "$zero" ] || exit 0
commit=$(git rev-parse --verify --quiet "$new^{commit}") || exit 0
[ -n "$(git ls-tree --name-only "$commit" .github/workflows/)" ] || exit 0
for tip in $(git for-each-ref --format='%(objectname)' refs/heads/); do
  changed=$(git diff-tree -r --no-renames --diff-filter=AMT --name-only "$tip" "$commit" -- .github/workflows)
  [ -n "$changed" ] || exit 0
done
first=$(printf '%s\n' "$changed" | head -n 1)
refuse "refusing to allow a GitHub App to create or update workflow '$first' without 'workflows' permission"
"""

MOVES = frozenset({"update", "force", "delete"})
EVERYTHING = MOVES | {"create"}


def install_hook(git: BareRepository) -> None:
    """Put the update hook into a bare repository."""
    hook = hook_of(git)
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK, encoding="utf-8", newline="\n")
    hook.chmod(0o755)


def hook_of(git: BareRepository) -> Path:
    """Give where a bare repository's update hook is."""
    return git.path / "hooks" / "update"


def rules_environment(repository: Repository, token: Token, switches: ForgeSwitches) -> dict[str, str]:
    """Give the variables that tell the hook what this token may not do."""
    rules = [RefRule(glob, EVERYTHING, detail="Cannot change this ref.") for glob in switches.refused_refs]
    rules += [
        RefRule(f"refs/tags/{r.tag}", MOVES, detail="Cannot change the tag of an immutable release.")
        for r in repository.releases
        if r.immutable
    ]
    if not token.maintainer:
        rules += protections(repository) + repository.rules
    lines = ["|".join((rule.pattern, " ".join(sorted(rule.refuses)), rule.message, rule.detail)) for rule in rules]
    workflows = "allowed" if token.workflows or token.maintainer else "refused"
    signatures = "required" if switches.signed_commits else "free"
    return {
        "SHIPWAY_FORGE_RULES": "\n".join(["|", *lines]),
        "SHIPWAY_FORGE_WORKFLOWS": workflows,
        "SHIPWAY_FORGE_SIGNATURES": signatures,
    }


def protections(repository: Repository) -> list[RefRule]:
    """Give the rules that protected branches stand for."""
    message, detail = "GH006: Protected branch update failed", "Changes must be made through a pull request."
    return [RefRule(f"refs/heads/{branch}", MOVES, message, detail) for branch in repository.protected]


def find_refusal(
    repository: Repository, token: Token, switches: ForgeSwitches, change: tuple[str, str, str]
) -> str | None:
    """Ask the hook about a change (ref, old, new) that is no push; give its words if it refuses."""
    env = rules_environment(repository, token, switches) | {"GIT_DIR": str(repository.git.path)}
    done = repository.git.run_program(["sh", str(hook_of(repository.git)), *change], env=env)
    return None if done.code == 0 else done.stderr.strip().removeprefix("error: ")
