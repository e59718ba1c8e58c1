"""Makes what tls.yml needs, once: `python certificates.py BROKER_FOLDER CLIENT_FOLDER`. For one machine, not for more.

BROKER_FOLDER gets the broker's key and certificate, its users and a client's properties for Kafka's own tools;
CLIENT_FOLDER the authority and the password. The authority's key is kept nowhere: nothing else can be signed by it.
"""

import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAYS = 825
HOSTS = ("kafka", "localhost", "127.0.0.1")
LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"


def named(name: str) -> x509.Name:
    """A subject of one common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, signer: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    """Everything that both certificates have; valid from yesterday, since clocks differ."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer)).public_key(key.public_key())
    )
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=DAYS))
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return builder.add_extension(identifier, critical=False)


def authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """The certificate that clients trust."""
    builder = certificate("Shoal's own authority", key, "Shoal's own authority", key)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)  # signs, no more
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())


def of_broker(key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """The broker's, for the names by which it is reached."""
    builder = certificate("kafka", key, "Shoal's own authority", signer)
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return builder.add_extension(names, critical=False).sign(signer, hashes.SHA256())


def write(path: Path, text: str | bytes) -> None:
    """One file; only who is given its volume can see it."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o444)


def make(broker: Path, client: Path) -> None:
    """All files. The password last, so that a half-made set is made again."""
    authoritys, brokers = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca, certificate_of_broker = authority(authoritys), of_broker(brokers, authoritys)
    password, own = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    key = brokers.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = ca.public_bytes(Encoding.PEM)
    login = f'{LOGIN} username="broker" password="{own}" user_broker="{own}" user_shoal="{password}";'
    write(broker / "broker.pem", key + certificate_of_broker.public_bytes(Encoding.PEM))
    write(broker / "ca.pem", pem)
    write(broker / "jaas.conf", f"KafkaServer {{\n  {login}\n}};\n")
    settings = {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "PLAIN",
        "sasl.jaas.config": f'{LOGIN} username="shoal" password="{password}";',
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": "/etc/kafka/secrets/ca.pem",
    }
    write(broker / "client.properties", "".join(f"{name}={value}\n" for name, value in settings.items()))
    write(client / "ca.pem", pem)
    write(client / "password", password)


if __name__ == "__main__":
    into, for_clients = Path(sys.argv[1]), Path(sys.argv[2])
    if not (for_clients / "password").exists():
        for old in (*into.iterdir(), *for_clients.iterdir()):
            old.unlink()
        make(into, for_clients)
