"""Files of events over the API: by id, in parts, from this machine alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from monitor.frames import Size
from monitor.outputs.video import VideoWriter
from tests.outputs.journal.given import closed_entry
from tests.web.given import browser, site

ID = "00000001-0000-4000-8000-000000000000"
CLIP = f"/api/events/{ID}/files/clip"


def video(path: Path) -> bytes:
    """A second of grey, and its bytes."""
    writer = VideoWriter(path, Size(64, 48))
    for number in range(25):
        writer.write(np.full((48, 64, 3), 100 + number, np.uint8), number / 25)
    writer.close()
    return path.read_bytes()


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    """What the clip holds."""
    return video(tmp_path / "yard" / "a.mp4")


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """A browser at a page with one event that has a clip."""
    return browser(site(tmp_path, closed_entry(1, clip="yard/a.mp4")))


def test_a_clip_is_sent_whole_or_in_the_part_that_is_asked_for(client: TestClient, content: bytes) -> None:
    whole = client.get(CLIP)
    part = client.get(CLIP, headers={"Range": "bytes=100-199"})
    assert (whole.status_code, whole.content) == (200, content)
    assert (part.status_code, part.content) == (206, content[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(content)}"


def test_a_part_behind_the_end_is_refused(client: TestClient, content: bytes) -> None:
    answer = client.get(CLIP, headers={"Range": f"bytes={len(content)}-"})
    assert answer.status_code == 416


def test_what_the_browser_has_already_is_not_sent_again(client: TestClient, content: bytes) -> None:
    etag = client.get(CLIP).headers["ETag"]
    again = client.get(CLIP, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_download_is_named_after_its_camera(client: TestClient, content: bytes) -> None:
    answer = client.get(CLIP, params={"download": True})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="yard-a.mp4"'


def test_of_a_clip_is_told_what_browsers_ask_of_it(client: TestClient, content: bytes) -> None:
    (view,) = client.get(f"/api/events/{ID}/files").json()
    assert view["size_bytes"] == len(content)
    assert view["video"]["plays"] == "everywhere"
    assert view["video"]["media_type"].startswith('video/mp4; codecs="avc1.')
    assert view["video"]["duration_s"] == pytest.approx(1.0, abs=0.05)
    assert view["problem"] is None


def test_of_a_file_that_was_deleted_is_told_so(client: TestClient) -> None:
    (view,) = client.get(f"/api/events/{ID}/files").json()
    assert "no longer on the disk" in view["problem"]
    assert client.get(CLIP).status_code == 404


def test_for_files_of_another_machine_its_name_is_told(tmp_path: Path) -> None:
    client = browser(site(tmp_path, replace(closed_entry(1, clip="yard/a.mp4"), node="barn")))
    answer = client.get(CLIP)
    assert answer.status_code == 409
    assert "barn" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["../secret.mp4", "/etc/hostname", "yard/link.mp4"])
def test_a_journal_that_names_what_is_outside_the_folder_opens_nothing(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "recordings"
    (folder / "yard").mkdir(parents=True)
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    (folder / "yard" / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    client = browser(site(folder, closed_entry(1, clip=path)))
    assert client.get(CLIP).status_code == 404


@pytest.mark.parametrize("role", ["record", "clip-", "..%2f..%2fjournal.sqlite", "clip%00"])
def test_there_are_no_other_roles_than_those_of_files(client: TestClient, role: str) -> None:
    assert client.get(f"/api/events/{ID}/files/{role}").status_code in (404, 422)
