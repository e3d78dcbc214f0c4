"""Nothing that must stay secret is shown, and every sign of a password arrives at the camera."""

import pytest

from monitor.capture.live.credentials import full_address
from monitor.capture.live.redaction import redacted


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://user:secret@host/stream", "rtsp://***@host/stream"),
        ("rtsp://user@host/stream", "rtsp://***@host/stream"),
        ("rtsp://:secret@host", "rtsp://***@host"),
        ("rtsps://user:sec%40ret%2F@host:322/a?b=c", "rtsps://***@host:322/a?b=c"),
        ("rtsp://user:se@cr@et@host/stream", "rtsp://***@host/stream"),
        ("rtsp://user:se/cr?et#@host/stream", "rtsp://***@host/stream"),
        ("rtsp://user:sec ret@host/stream", "rtsp://***@host/stream"),
        ("rtsp://user:secret@[fe80::1%25eth0]:554/stream", "rtsp://***@[fe80::1%25eth0]:554/stream"),
        ("RTSP://USER:SECRET@HOST/", "RTSP://***@HOST/"),
        ("http://host/video?user=me&password=secret&channel=1", "http://host/video?user=me&password=***&channel=1"),
        ("http://host/v?access_token=secret", "http://host/v?access_token=***"),
        ("http://host/v?apiKey=secret;x=1", "http://host/v?apiKey=***;x=1"),
        ("http://host/v?x=1&auth=secret#top", "http://host/v?x=1&auth=***#top"),
        ("http://host/v?loginpas=secret&loginuse=me", "http://host/v?loginpas=***&loginuse=me"),
        ("http://host/v?pwd=", "http://host/v?pwd=***"),
        ("http://proxy/?url=rtsp%3A%2F%2Fme%3Asecret%40host%2Fa", "http://***@host%2Fa"),
        ("rtsp://host:554/user=me_password=secret_channel=1", "rtsp://host:554/user=me_password=***"),
        ("rtsp://me:secret@host/v?token=secret", "rtsp://***@host/v?token=***"),
    ],
)  # fmt: skip
def test_secrets_in_an_address_are_hidden(address: str, shown: str) -> None:
    assert redacted(address) == shown


@pytest.mark.parametrize(
    "address",
    ["rtsp://host/stream", "http://[::1]:8080/v?channel=1&size=2", "/dev/video0", ":99.0", "picamera:1"],
)
def test_an_address_without_secrets_is_shown_as_it_is(address: str) -> None:
    assert redacted(address) == address


def test_secrets_within_a_message_are_hidden() -> None:
    message = "[Errno 111] Connection refused: 'rtsp://user:secret@host/stream?key=secret'; trying again"
    shown = redacted(message)
    assert "secret" not in shown
    assert shown.endswith("'; trying again")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("rtsp://host/a", "rtsp://host/a"),
        ("rtsp://user@host/a", "rtsp://user@host/a"),
        ("rtsp://user:p%40ss@host/a", "rtsp://user:p%40ss@host/a"),
        ("rtsp://user:p@ss@host/a", "rtsp://user:p%40ss@host/a"),
        ("rtsp://user:p/s?s#@host:554/a", "rtsp://user:p%2Fs%3Fs%23@host:554/a"),
        ("rtsp://user:100%@[::1]:554/a", "rtsp://user:100%25@[::1]:554/a"),
        ("rtsp://user:a:b@host", "rtsp://user:a%3Ab@host"),
        ("/dev/video0", "/dev/video0"),
    ],
)
def test_a_password_in_the_address_is_coded(given: str, address: str) -> None:
    assert full_address(given) == address


@pytest.mark.parametrize("given", ["rtsp://host:554/a", "rtsp://old:other@host:554/a"])
def test_a_name_and_password_are_put_into_the_address(given: str) -> None:
    assert full_address(given, "us er", "p@:/") == "rtsp://us%20er:p%40%3A%2F@host:554/a"


def test_a_name_alone_is_put_into_the_address() -> None:
    assert full_address("rtsp://host/a", "me") == "rtsp://me@host/a"
