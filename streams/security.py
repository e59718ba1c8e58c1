"""How Kafka clients are told about TLS and SASL."""

import ssl
from typing import Any

from aiokafka.helpers import create_ssl_context

from models.errors import InvalidConfiguration
from streams.settings import Settings
from streams.settings.refusals import variable


def aiokafka_options(settings: Settings) -> dict[str, Any]:
    """Arguments for aiokafka's clients. Raises `InvalidConfiguration` for unreadable files."""
    options: dict[str, Any] = {"security_protocol": settings.security_protocol}
    if settings.security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl_context(settings)
    if settings.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = settings.password
    return options


def kafka_python_options(settings: Settings) -> dict[str, Any]:
    """Arguments for kafka-python's clients; they take the same names as aiokafka's."""
    return aiokafka_options(settings)


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """TLS as the settings say. Raises `InvalidConfiguration` for unreadable files."""
    files = (settings.ssl_ca_file, settings.ssl_cert_file, settings.ssl_key_file)
    ca, cert, key = (None if path is None else str(path) for path in files)
    try:
        context: ssl.SSLContext = create_ssl_context(cafile=ca, certfile=cert, keyfile=key)
    except (OSError, ssl.SSLError) as error:
        raise InvalidConfiguration(variable("ssl_ca_file"), ca or cert, f"readable PEM files ({error})") from error
    return context
