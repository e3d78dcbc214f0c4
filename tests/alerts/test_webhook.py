"""A signed POST to a real server."""

import json
import logging
import threading
import time
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from monitor.alerts.channel import DeliveryError
from monitor.alerts.http import LONGEST_RETRY_AFTER_S
from monitor.alerts.signature import DELIVERY, SIGNATURE, TIMESTAMP, signature, verify
from monitor.alerts.webhook import Webhook
from monitor.clock import SimulatedClock
from monitor.events.event import Phase
from monitor.settings.secrets import Secret
from tests.alerts.conftest import Certificates
from tests.alerts.given import IN_TIME_S, NOW, Fake, alerts_with, record, stored
from tests.alerts.receiver import Receiver, receiving

SECRET = "shared secret"


def webhook(url: str, *, secret: str | None = SECRET, timeout_s: float = 5.0, **options: Any) -> Webhook:
    key = Secret(secret) if secret else None
    return Webhook("server", Secret(url), key, SimulatedClock(NOW).wall, timeout_s=timeout_s, **options)


def failure(channel: Webhook) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.deliver([stored(1)])
    return caught.value


def test_the_record_arrives_as_it_is(receiver: Receiver) -> None:
    webhook(f"{receiver.url}/hooks?a=b").deliver([stored(1, body={"record": record(1, zones=["Türe"])})])
    (request,) = receiver.requests
    assert (request.method, request.path) == ("POST", "/hooks?a=b")
    assert json.loads(request.body) == record(1, zones=["Türe"])
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers[DELIVERY] == "phone:e1:opened"


def test_a_digest_is_one_post(receiver: Receiver) -> None:
    webhook(receiver.url).deliver([stored(1), stored(2)])
    assert [r["id"] for r in json.loads(receiver.requests[0].body)["digest"]] == ["e1", "e2"]


def test_the_receiver_can_verify_who_sent_it_and_when(receiver: Receiver) -> None:
    webhook(receiver.url).deliver([stored(1)])
    (request,) = receiver.requests
    now_s = NOW.timestamp()

    def is_good(secret: str = SECRET, body: bytes = request.body, now_s: float = now_s) -> bool:
        return verify(secret, request.headers, body, now_s)

    assert is_good()
    assert not is_good(secret="another")
    assert not is_good(body=request.body + b" ")
    assert is_good(now_s=now_s + 300)
    assert not is_good(now_s=now_s + 301)
    assert not is_good(now_s=now_s - 301)


@pytest.mark.parametrize("timestamp", ["", "now", "１２", "-5"])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    headers = {TIMESTAMP: timestamp, SIGNATURE: signature(SECRET, 0, b"")}
    assert not verify(SECRET, headers, b"", 0.0)


def test_the_signature_is_the_one_that_is_documented() -> None:
    # printf '1767225600.{}' | openssl dgst -sha256 -hmac 'shared secret'
    known = "0e1cef56c9139e798655e740031ec7b28d1e7164f5e734e56ed2dbe5d67789cb"
    assert signature(SECRET, 1767225600, b"{}") == f"v1={known}"


def test_without_a_secret_there_is_no_signature(receiver: Receiver) -> None:
    webhook(receiver.url, secret=None).deliver([stored(1)])
    assert SIGNATURE not in receiver.requests[0].headers


@pytest.mark.parametrize("status", [200, 201, 204])
def test_2xx_is_success(status: int, receiver: Receiver) -> None:
    receiver.answers = [(status, {})]
    webhook(receiver.url).deliver([stored(1)])
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        (302, False),
        (400, True),
        (401, False),
        (404, False),
        (413, True),
        (422, True),
        (500, False),
        (502, False),
    ],
)
def test_anything_else_is_a_failure_and_some_will_never_be_taken(
    status: int, refused: bool, receiver: Receiver
) -> None:
    receiver.answers = [(status, {})]
    error = failure(webhook(receiver.url))
    assert f"localhost answered {status}" in str(error)
    assert (error.refused, error.retry_after_s) == (refused, None)


@pytest.mark.parametrize(
    ("status", "header", "wait_s"),
    [
        (429, "120", 120.0),
        (503, "7", 7.0),
        (429, format_datetime((NOW + timedelta(seconds=90)).astimezone(UTC), usegmt=True), 90.0),
        (429, format_datetime((NOW - timedelta(seconds=90)).astimezone(UTC), usegmt=True), 0.0),
        (429, "9" * 30, LONGEST_RETRY_AFTER_S),
        (429, "soon", None),
        (500, "120", None),
    ],
)
def test_a_server_may_ask_for_time(
    status: int, header: str, wait_s: float | None, receiver: Receiver
) -> None:
    receiver.answers = [(status, {"Retry-After": header})]
    assert failure(webhook(receiver.url)).retry_after_s == wait_s


@pytest.mark.parametrize("answer", ["hang", "drip"])
def test_a_server_that_hangs_or_drips_is_left_in_time(answer: str, receiver: Receiver) -> None:
    receiver.answers = [answer]
    began_s = time.monotonic()
    assert "did not answer within 0.2 s" in str(failure(webhook(receiver.url, timeout_s=0.2)))
    assert time.monotonic() - began_s < IN_TIME_S


def test_a_post_can_be_ended_from_outside(receiver: Receiver) -> None:
    receiver.answers = ["hang"]
    channel = webhook(receiver.url, timeout_s=30.0)

    def stop() -> None:
        assert receiver.wait_for(1)
        channel.interrupt()

    stopper = threading.Thread(target=stop)
    stopper.start()
    assert "localhost" in str(failure(channel))
    stopper.join()


def test_nobody_there_is_told() -> None:
    with receiving() as receiver:
        url = receiver.url
    assert str(failure(webhook(url))) == "localhost cannot be reached: Connection refused"


def test_a_redirect_on_the_same_host_is_followed_with_the_body(receiver: Receiver) -> None:
    receiver.answers = [(307, {"Location": "/new"}), (308, {"Location": f"{receiver.url}/newer"})]
    webhook(receiver.url).deliver([stored(1)])
    assert [request.path for request in receiver.requests] == ["/", "/new", "/newer"]
    assert json.loads(receiver.requests[-1].body) == record(1)


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1:PORT/", "http://localhost:1/", "//example.org/", "ftp://localhost:PORT/"],
)
def test_a_redirect_to_another_host_is_not_followed(location: str, receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2]
    receiver.answers = [(307, {"Location": location.replace("PORT", port)})]
    assert "redirects to another host" in str(failure(webhook(receiver.url)))
    assert len(receiver.requests) == 1


def test_a_circle_of_redirects_ends(receiver: Receiver) -> None:
    receiver.answers = [(307, {"Location": "/"})] * 10
    assert "in a circle" in str(failure(webhook(receiver.url)))


def test_tls_needs_a_certificate_that_can_be_trusted(certificates: Certificates) -> None:
    with receiving(certificates.certificate, certificates.key) as receiver:
        assert "certificate that cannot be trusted" in str(failure(webhook(receiver.url)))
        webhook(receiver.url, ca_file=certificates.ca).deliver([stored(1)])
        assert len(receiver.requests) == 1


def test_a_path_with_a_token_is_in_no_message_and_no_log(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answers = [(500, {}), (307, {"Location": "http://example.org/t0ken"}), (302, {}), "hang"]
    channel = webhook(f"{receiver.url}/t0ken?key=t0ken", timeout_s=0.2)
    said = [str(failure(channel)) for _ in range(4)]
    assert "t0ken" not in " ".join([*said, caplog.text, repr(channel), repr(vars(channel))])


def test_an_event_comes_after_500_and_429_too(receiver: Receiver) -> None:
    receiver.answers = [(500, {}), (429, {"Retry-After": "60"})]
    alerts, _ = alerts_with(webhook(receiver.url), Fake())
    alerts.start()
    alerts.take(Phase.OPENED, record(1))
    assert receiver.wait_for(3)
    alerts.close()
    assert len({request.headers[DELIVERY] for request in receiver.requests}) == 1
