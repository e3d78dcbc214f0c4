"""Real servers for the tests of alerts."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.alerts.mosquitto import Mosquitto
from tests.alerts.receiver import MailServer, Receiver, receiving, taking_mail


@dataclass(frozen=True)
class Certificates:
    """An authority, and the certificate of localhost that it signed."""

    ca: Path
    certificate: Path
    key: Path


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with taking_mail() as server:
        yield server


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    made = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    ca_key, request, extra = folder / "ca.key", folder / "server.csr", folder / "san"
    extra.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    ca = ("req", "-x509", *curve, "-subj", "/CN=test authority", "-days", "2")
    _openssl(*ca, "-keyout", ca_key, "-out", made.ca, "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    _openssl("req", *curve, "-subj", "/CN=localhost", "-keyout", made.key, "-out", request)
    signed = ("x509", "-req", "-in", request, "-CA", made.ca, "-CAkey", ca_key, "-CAcreateserial")
    _openssl(*signed, "-days", "2", "-extfile", extra, "-out", made.certificate)
    return made


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that lets everybody in; it is started by the test."""
    pytest.importorskip("paho.mqtt", reason="paho-mqtt is not installed")
    if shutil.which("mosquitto") is None and not Path("/usr/sbin/mosquitto").exists():
        pytest.skip("mosquitto is not installed")
    broker = Mosquitto(tmp_path)
    yield broker
    broker.stop()


@pytest.fixture
def open_broker(mosquitto: Mosquitto) -> Mosquitto:
    mosquitto.start()
    return mosquitto


def _openssl(*args: object) -> None:
    subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True)
