"""Archives of a commit: by redirect, as the forge's API gives them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from shipway.rehearsal.forge.routes import Answer, Call, Route, not_found


def redirect(call: Call) -> Answer:
    """Say where the archive of a ref or commit is."""
    name, reference = call.repository.full_name, quote(call.words["ref"])
    return Answer(302, None, {"Location": f"{call.state.api_url}/repos/{name}/legacy.tar.gz/{reference}"})


def download(call: Call) -> Answer:
    """Give the archive: one folder, named after owner, repository and commit."""
    repository = call.repository
    commit = repository.git.find_commit(call.words["ref"])
    if commit is None:
        raise not_found()
    prefix = f"{repository.full_name.replace('/', '-')}-{commit[:7]}/"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "archive.tar.gz"
        repository.git.run("archive", "--format=tar.gz", f"--prefix={prefix}", f"--output={file}", commit)
        return Answer(200, file.read_bytes(), {"Content-Type": "application/x-gzip"})


ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/tarball/{ref...}", redirect),
    Route("GET", "/repos/{owner}/{repo}/legacy.tar.gz/{ref...}", download),
)
