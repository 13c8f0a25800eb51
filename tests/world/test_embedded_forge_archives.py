"""Archives of a commit, as a job fetches them that checks nothing out."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from world.forge_support import running_site


def test_an_archive_of_a_commit_comes_by_redirect_in_one_folder(tmp_path: Path) -> None:
    with running_site(tmp_path) as site:
        commit = site.add_branch("more", more="text\n")
        redirect = site.api().ask("GET", f"/tarball/{commit}")
        assert redirect.status_code == 302
        answer = site.api().send("GET", redirect.headers["Location"])
        with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
            names = archive.getnames()
        assert f"acme-widgets-{commit[:7]}/more" in names


def test_there_is_no_archive_of_what_is_not_there(tmp_path: Path) -> None:
    with running_site(tmp_path) as site:
        redirect = site.api().ask("GET", "/tarball/nowhere")
        assert site.api().send("GET", redirect.headers["Location"]).status_code == 404
