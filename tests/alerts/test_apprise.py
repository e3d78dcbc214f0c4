"""Apprise, sending to a real web server and a real mail server."""

import json
import logging
from datetime import UTC
from pathlib import Path

import pytest

from monitor.alerts import channel as channels
from monitor.alerts.channel import DeliveryError
from monitor.errors import MissingPackageError, UsageError
from monitor.settings.secrets import Secret
from tests.alerts.given import loads_apprise, stored
from tests.alerts.receiver import MailServer, Receiver

pytest.importorskip("apprise", reason="apprise is not installed")

from monitor.alerts.apprise import Apprise

pytestmark = loads_apprise


def apprise(*urls: str, snapshot: bool = True, timeout_s: float = 10.0) -> Apprise:
    return Apprise("phone", Secret("\n".join(urls)), UTC, snapshot=snapshot, timeout_s=timeout_s)


def json_url(receiver: Receiver, path: str = "t0ken-1") -> str:
    return f"{receiver.url.replace('http', 'json')}/{path}"


def failure(channel: Apprise) -> str:
    with pytest.raises(DeliveryError) as caught:
        channel.deliver([stored(1)])
    return str(caught.value)


def test_title_and_text_arrive(receiver: Receiver) -> None:
    apprise(json_url(receiver)).deliver([stored(1)])
    got = json.loads(receiver.requests[0].body)
    assert got["title"] == "driveway: Motion"
    assert "Why: moved 0.34 of the diagonal" in got["message"]


@pytest.mark.parametrize("snapshot", [True, False])
def test_the_picture_goes_along_unless_it_shall_not(
    snapshot: bool, receiver: Receiver, tmp_path: Path
) -> None:
    picture = tmp_path / "motion.jpg"
    picture.write_bytes(b"\xff\xd8\xff")
    apprise(json_url(receiver), snapshot=snapshot).deliver([stored(1, body={"snapshot": str(picture)})])
    attached = json.loads(receiver.requests[0].body)["attachments"]
    assert [a["filename"] for a in attached] == (["motion.jpg"] if snapshot else [])


def test_a_picture_that_is_gone_keeps_no_alert_back(receiver: Receiver, tmp_path: Path) -> None:
    apprise(json_url(receiver)).deliver([stored(1, body={"snapshot": str(tmp_path / "gone.jpg")})])
    assert len(receiver.requests) == 1


def test_a_mail_arrives_with_its_picture(mail_server: MailServer, tmp_path: Path) -> None:
    picture = tmp_path / "motion.jpg"
    picture.write_bytes(b"\xff\xd8\xff")
    url = f"mailto://localhost:{mail_server.port}?from=monitor@example.org&to=me@example.org&mode=insecure"
    apprise(url).deliver([stored(1, body={"snapshot": str(picture)})])
    (mail,) = mail_server.mails
    assert "Subject: driveway: Motion" in mail
    assert 'filename="motion.jpg"' in mail


def test_a_mail_that_is_refused_is_a_failure(mail_server: MailServer) -> None:
    mail_server.refusing = True
    url = f"mailto://localhost:{mail_server.port}?from=monitor@example.org&to=me@example.org&mode=insecure"
    assert failure(apprise(url)).startswith("mailto: ")
    mail_server.refusing = False
    apprise(url).deliver([stored(1)])
    assert len(mail_server.mails) == 1


def test_a_failure_says_why_and_no_secret(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answers = [(500, {})]
    url = json_url(receiver).replace("://", "://user:pa55word@")
    channel = apprise(url)
    said = failure(channel)
    assert said.startswith("json: ")
    assert "500" in said
    everything = " ".join([said, caplog.text, repr(channel)])
    assert receiver.requests[0].path == "/t0ken-1"
    assert [secret for secret in ("t0ken-1", "pa55word") if secret in everything] == []


def test_a_server_that_hangs_is_left_in_time(receiver: Receiver) -> None:
    receiver.answers = ["hang"]
    assert failure(apprise(json_url(receiver) + "?rto=0.2&cto=0.2")).startswith("json: ")


def test_what_one_of_several_has_is_not_sent_to_it_again(receiver: Receiver) -> None:
    channel = apprise("# two of us", json_url(receiver, "first"), json_url(receiver, "second"))
    receiver.answers = [(200, {}), (500, {})]
    failure(channel)
    channel.deliver([stored(1)])
    channel.deliver([stored(2)])
    paths = [request.path for request in receiver.requests]
    assert paths == ["/first", "/second", "/second", "/first", "/second"]


@pytest.mark.logs_errors  # by Apprise; its log does not reach that of the program
def test_a_url_that_is_not_known_is_told_by_its_number_alone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(UsageError, match="phone: URL 2 is none that Apprise knows") as caught:
        apprise("json://localhost", "nonsense://t0ken")
    assert "t0ken" not in str(caught.value) + caplog.text


def test_without_the_package_its_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "find_spec", lambda name: None)
    with pytest.raises(MissingPackageError, match=r"needs .* apprise: pip install '.*\[alerts\]'"):
        apprise("json://localhost")
