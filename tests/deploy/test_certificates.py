"""The certificates of deploy/compose/tls.yml: a client that trusts their authority reaches the broker by its name."""

import runpy
import socket
import ssl
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy/compose/certificates.py"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    broker, client = tmp_path / "broker", tmp_path / "client"
    broker.mkdir()
    client.mkdir()
    runpy.run_path(str(SCRIPT))["make"](broker, client)
    return broker, client


def shake_hands(broker: Path, client: Path, name: str) -> str | None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(broker / "broker.pem")
    near, far = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(far, server_side=True).close()
        except (ssl.SSLError, OSError):
            far.close()

    thread = Thread(target=serve)
    thread.start()
    try:
        context: Any = ssl.create_default_context(cafile=client / "ca.pem")
        with context.wrap_socket(near, server_hostname=name) as connection:
            return str(connection.version())
    finally:
        near.close()
        thread.join(timeout=5)


def test_a_client_reaches_the_broker_by_its_name_and_no_other(folders: tuple[Path, Path]) -> None:
    assert shake_hands(*folders, "kafka") == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shake_hands(*folders, "elsewhere")


def test_the_password_of_clients_is_the_one_the_broker_knows(folders: tuple[Path, Path]) -> None:
    broker, client = folders
    password = (client / "password").read_text()
    assert len(password) >= 32
    assert f'user_shoal="{password}"' in (broker / "jaas.conf").read_text()
    assert password in (broker / "client.properties").read_text()


def test_clients_get_no_key(folders: tuple[Path, Path]) -> None:
    broker, client = folders
    assert sorted(path.name for path in client.iterdir()) == ["ca.pem", "password"]
    assert "PRIVATE KEY" in (broker / "broker.pem").read_text()
    assert not any("PRIVATE KEY" in path.read_text() for path in client.iterdir())
