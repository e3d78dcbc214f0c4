"""Real stores on the loopback: an S3 server, an SSH server."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BUCKET = "cameras"


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Run an S3 server with one empty bucket; give the environment in which `s3://` means it."""
    pytest.importorskip("s3fs", reason="s3fs is not installed: pip install -e '.[cluster]'")
    server = pytest.importorskip("moto.server", reason="moto is not installed: pip install -e '.[test]'")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "tester",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    finally:
        running.stop()


@contextmanager
def ssh_server(home: Path) -> Iterator[str]:
    """Run an SSH server that lets the present user in with a key below `home`; give "sftp://user@host:port".

    Whoever is to reach it needs HOME set to `home`.
    """
    pytest.importorskip("paramiko", reason="paramiko is not installed: pip install -e '.[cluster]'")
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if sshd is None:
        pytest.skip("sshd is not installed: apt-get install openssh-server")
    folder = home / ".ssh"
    folder.mkdir(mode=0o700)
    for key in ("host_key", "id_ed25519"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)
    shutil.copy(folder / "id_ed25519.pub", folder / "authorized_keys")
    port = _free_port()
    kind, key = (folder / "host_key.pub").read_text().split()[:2]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {kind} {key}\n")
    config = folder / "sshd_config"
    config.write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host_key\nPidFile none\nStrictModes no\n"
        f"AuthorizedKeysFile {folder}/authorized_keys\nPasswordAuthentication no\n"
        "Subsystem sftp internal-sftp\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where sshd locks itself in; its service would make it
    process = subprocess.Popen([sshd, "-D", "-e", "-f", config], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"sftp://{getpass.getuser()}@127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"sshd does not listen on port {port}")
