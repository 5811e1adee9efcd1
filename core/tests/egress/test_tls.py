"""TLS goes to the pinned address with the name as SNI, and the certificate must be for the name."""

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core import egress
from core.egress.network import TLSSocket
from core.tests.egress.servers import LoopbackNetwork, answer, policy_for, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for media.example, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "media.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("media.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    return path


def trusting(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificate))
    context.sslsocket_class = TLSSocket
    return context


def test_sni_certificate_and_caps_under_tls(certificate: Path) -> None:
    names: list[str | None] = []
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(certificate)
    server_context.sni_callback = lambda _socket, name, _context: names.append(name)

    lookups = {"media.example": [["127.0.0.1"]], "wrong.example": [["127.0.0.1"]]}
    network = LoopbackNetwork(lookups, context=trusting(certificate))
    with serving(answer(b"private" * 1000), context=server_context) as server:
        policy = policy_for(server, network=network)
        found = egress.fetch(f"https://media.example:{server.port}/", policy=policy)
        assert (found.size, names) == (7000, ["media.example"])
        assert b"Host: media.example:%d\r\n" % server.port in server.requests[0]

        with pytest.raises(egress.EgressUnavailable, match="verified"):
            egress.fetch(f"https://wrong.example:{server.port}/", policy=policy)
        with pytest.raises(egress.EgressTooLarge):
            egress.fetch(
                f"https://media.example:{server.port}/", policy=policy_for(server, network=network, max_bytes=99)
            )
        untrusting = policy_for(server, network=LoopbackNetwork({"media.example": [["127.0.0.1"]]}))
        with pytest.raises(egress.EgressUnavailable, match="verified"):
            egress.fetch(f"https://media.example:{server.port}/", policy=untrusting)
        assert len(server.requests) == 2


def test_https_does_not_redirect_to_http(certificate: Path) -> None:
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(certificate)
    network = LoopbackNetwork({"media.example": [["127.0.0.1"]]}, context=trusting(certificate))
    with serving(answer()) as plain:
        moved = answer(b"", status="302 Found", headers={"Location": f"http://127.0.0.1:{plain.port}/"})
        with (
            serving(moved, context=server_context) as server,
            pytest.raises(egress.EgressRefused, match="https to http"),
        ):
            egress.fetch(f"https://media.example:{server.port}/", policy=policy_for(server, plain, network=network))
        assert plain.hits == 0


def test_a_handshake_that_never_ends_is_cut(certificate: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        network = LoopbackNetwork({"media.example": [["127.0.0.1"]]}, context=trusting(certificate))
        policy = egress.Policy(hosts=("*",), ports=(port,), network=network, connect_seconds=0.3)
        with pytest.raises(egress.EgressTimeout):
            egress.fetch(f"https://media.example:{port}/", policy=policy)
