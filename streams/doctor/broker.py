"""Whether Kafka can be reached and lets us in, with the reason if not: the clients keep that to themselves."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from typing import Final, NamedTuple

from streams.doctor.finding import Finding, ok, problem, warning
from streams.doctor.surroundings import Surroundings
from streams.security import aiokafka_options
from streams.settings import Settings

BROKER: Final = "broker"
CREDENTIALS: Final = "credentials"


class Address(NamedTuple):
    """Where a broker should be."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def broker(surroundings: Surroundings) -> Finding:
    """Whether anything takes connections where Kafka should be."""
    addresses = addresses_of(surroundings.settings)
    silent = {address: why for address in addresses if (why := why_silent(address, surroundings, len(addresses)))}
    told = _told(silent)
    if len(silent) == len(addresses):
        return problem(
            BROKER,
            f"No broker can be reached: {told}.",
            "Start Kafka, or set SHOAL_BOOTSTRAP to where it is. Nothing is lost while it is away: workers wait.",
        )
    if silent:
        return warning(BROKER, f"{len(silent)} of {len(addresses)} brokers cannot be reached: {told}.", "Start them.")
    return ok(BROKER, f"Kafka takes connections at {surroundings.settings.bootstrap}.")


def credentials(surroundings: Surroundings) -> Finding:
    """Whether we are let in, and can reach every broker where Kafka says that it is."""
    settings = surroundings.settings
    reachable = [each for each in addresses_of(settings) if not why_silent(each, surroundings, 1)]
    if not reachable:
        return problem(CREDENTIALS, "No broker can be reached any more.", "Ask again.")
    try:
        brokers = asyncio.run(_log_in(surroundings, reachable[0]))
    except Exception as error:  # noqa: BLE001  # the clients raise many kinds; all are put into words
        found, advice = _refused(error, settings, reachable[0])
        return problem(CREDENTIALS, found, advice)
    hidden = {each: why for each in brokers if (why := why_silent(each, surroundings, len(brokers)))}
    if hidden:
        return problem(
            CREDENTIALS,
            f"Kafka lets us in, but names addresses that cannot be reached from here: {_told(hidden)}.",
            "Set advertised.listeners of the brokers to addresses that workers can reach.",
        )
    user = f" as {settings.sasl_username}" if settings.security_protocol.startswith("SASL") else ""
    return ok(CREDENTIALS, f"Kafka lets us in{user} ({settings.security_protocol}).")


def addresses_of(settings: Settings) -> list[Address]:
    """The brokers that the settings name."""
    pairs = (each.rsplit(":", 1) for each in settings.bootstrap.split(","))
    return [Address(host, int(port)) for host, port in pairs]


def why_silent(address: Address, surroundings: Surroundings, among: int) -> str:
    """Why nothing takes a connection there; empty if something does."""
    limit_s = max(0.3, surroundings.timeout_ms / 1000 / among)
    try:
        socket.create_connection(address, timeout=limit_s).close()
    except socket.gaierror:
        return "no such host is known"
    except ConnectionRefusedError:
        return "nothing listens there"
    except TimeoutError:
        return f"no answer within {limit_s:.1f} s, perhaps a firewall"
    except (OSError, OverflowError) as error:
        return str(error)
    return ""


def _told(silent: Mapping[Address, str]) -> str:
    return "; ".join(f"{address} ({why})" for address, why in silent.items())


async def _log_in(surroundings: Surroundings, address: Address) -> list[Address]:
    """Connect as the worker does and return the brokers that Kafka names. Raises what went wrong."""
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.conn import create_conn

    options = aiokafka_options(surroundings.settings)
    timeout_ms = surroundings.timeout_ms // 2
    connection = await asyncio.wait_for(
        create_conn(address.host, address.port, client_id="shoal-doctor", request_timeout_ms=timeout_ms, **options),
        timeout_ms / 1000,
    )
    connection.close()
    admin = AIOKafkaAdminClient(
        bootstrap_servers=str(address), client_id="shoal-doctor", request_timeout_ms=timeout_ms, **options
    )
    try:
        await asyncio.wait_for(admin.start(), timeout_ms / 1000)
        cluster = await asyncio.wait_for(admin.describe_cluster(), timeout_ms / 1000)
    finally:
        await admin.close()
    return [Address(str(each["host"]), int(each["port"])) for each in cluster["brokers"]]


def _refused(error: Exception, settings: Settings, address: Address) -> tuple[str, str]:  # noqa: PLR0911  # a table of what can happen
    """What happened, and what to do."""
    from aiokafka.errors import (
        IllegalSaslStateError,
        KafkaConnectionError,
        SaslAuthenticationFailed,
        UnsupportedSaslMechanismError,
    )

    protocol = settings.security_protocol
    listeners = "Set SHOAL_SECURITY_PROTOCOL to what the listener speaks, or SHOAL_BOOTSTRAP to the right listener."
    if isinstance(error, SaslAuthenticationFailed):
        return (
            f"Kafka at {address} refuses the user {settings.sasl_username}: wrong name or password.",
            f"Mend SHOAL_SASL_USERNAME or SHOAL_SASL_PASSWORD_FILE; the user must exist for {settings.sasl_mechanism}.",
        )
    if isinstance(error, UnsupportedSaslMechanismError):
        return (
            f"Kafka at {address} does not take log-ins by {settings.sasl_mechanism}.",
            "Set SHOAL_SASL_MECHANISM to one that the listener offers.",
        )
    if isinstance(error, IllegalSaslStateError):
        return f"The listener at {address} takes no log-in, the settings say {protocol}.", listeners
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {address} is not trusted: {error.verify_message}.",
            "Set SHOAL_SSL_CA_FILE to the authority that signed it, and SHOAL_BOOTSTRAP to the name it was made for.",
        )
    if protocol.endswith("SSL") and isinstance(error, (ssl.SSLError, ConnectionResetError, KafkaConnectionError)):
        return f"The listener at {address} does not speak TLS, the settings say {protocol}.", listeners
    if isinstance(error, KafkaConnectionError):
        return (
            f"The listener at {address} hangs up on us: it wants a log-in or TLS, the settings say {protocol}.",
            listeners,
        )
    if isinstance(error, TimeoutError):
        return (
            f"{address} takes a connection and says nothing.",
            "Look at the broker's log: it may be starting, or hang.",
        )
    return f"{address} answers with {type(error).__name__}: {error}.", "Look at the broker's log."
