"""From the settings of the console to a provider."""

from urllib.parse import urlsplit

from authlib.common.security import is_secure_transport

from console.security.oidc.provider import Provider, ProviderSettings
from console.settings import ConsoleSettings
from models.errors import InvalidConfiguration

SECRET_CHARACTERS_MAX = 4_096


def make_provider(settings: ConsoleSettings) -> Provider | None:
    """Return the provider that is set, without asking it; None where none is. Raises `InvalidConfiguration`."""
    if settings.oidc_issuer is None:
        return None
    if not is_secure_transport(settings.oidc_issuer):
        raise InvalidConfiguration("oidc_issuer", settings.oidc_issuer, "https (http on this machine only)")
    return Provider(
        ProviderSettings(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=_secret(settings),
            scopes=settings.oidc_scopes,
            timeout_s=settings.oidc_timeout_ms / 1000,
        )
    )


def provider_name(settings: ConsoleSettings) -> str:
    """What people call the provider; empty where none is set."""
    return settings.oidc_name or urlsplit(settings.oidc_issuer or "").hostname or ""


def _secret(settings: ConsoleSettings) -> str | None:
    if settings.oidc_client_secret is not None:
        return settings.oidc_client_secret.get_secret_value()
    path = settings.oidc_client_secret_file
    if path is None:
        return None
    try:
        with path.open(encoding="utf-8") as file:
            found = file.read(SECRET_CHARACTERS_MAX + 1).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration("oidc_client_secret_file", str(path), "a file that can be read") from error
    if not 0 < len(found) <= SECRET_CHARACTERS_MAX:
        raise InvalidConfiguration("oidc_client_secret_file", str(path), f"1 to {SECRET_CHARACTERS_MAX} characters")
    return found
