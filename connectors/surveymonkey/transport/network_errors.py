"""What breaks on the way to the platform and back, as a reason and a next step.

Nothing is taken from the libraries' own sentences: they may quote the address of a proxy with its
password, or headers with the token.
"""

import ssl
from pathlib import Path

import requests
import urllib3

from connectors.errors import SourceError, SourceRefusedError, SourceUnreachableError
from connectors.surveymonkey.transport.retry import FaultyAnswerError

PROXY_STATUS = "407"


def fault_of(error: Exception, host: str) -> FaultyAnswerError | SourceError:
    """What *error*, met while asking *host*, means: a fault that may pass, or an error that won't."""
    if isinstance(error, requests.exceptions.SSLError):
        is_untrusted = "CERTIFICATE_VERIFY_FAILED" in str(error)
        return _untrusted(host) if is_untrusted else FaultyAnswerError("the secure connection broke off")
    if isinstance(error, requests.exceptions.ProxyError):
        if f"failed: {PROXY_STATUS}" in str(error):
            return proxy_wants_name()
        return FaultyAnswerError(
            "the proxy did not let it through",
            next_step="run again later, and check HTTPS_PROXY and whether that proxy runs",
        )
    if isinstance(error, requests.exceptions.InvalidSchema | requests.exceptions.InvalidURL):
        return SourceRefusedError(
            "The address in SURVEYMONKEY_API_URL, or that of the proxy in HTTPS_PROXY or HTTP_PROXY, can't "
            "be used. A proxy's is like http://proxy.example.org:3128; mend or unset it."
        )
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return too_late()
    return _unconnected(error, host) or FaultyAnswerError("the connection failed or broke off")


def too_late() -> FaultyAnswerError:
    """The fault of an answer that is not awaited any longer."""
    return FaultyAnswerError("no whole answer came in time")


def proxy_wants_name() -> SourceRefusedError:
    """The error for a proxy that lets nobody through whom it doesn't know."""
    return SourceRefusedError(
        f"The proxy on the way wants a name and a password (HTTP {PROXY_STATUS}). "
        "Put them into HTTPS_PROXY, as in http://name:password@proxy.example.org:3128, and run again."
    )


def check_certificates(bundle: object) -> None:
    """Raise SourceRefusedError where *bundle* is the path of certificates (a file or folder) that can't be
    read; anything but a path is as the libraries want it.
    """
    if not isinstance(bundle, str):
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        is_folder = Path(bundle).is_dir()
        context.load_verify_locations(None if is_folder else bundle, bundle if is_folder else None)
    except OSError:
        raise SourceRefusedError(
            "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE) names no file of certificates that can be read. "
            "Mend its path or the file, or unset it."
        ) from None


def _unconnected(error: Exception, host: str) -> FaultyAnswerError | None:
    """The fault of a call for which there was no connection from the first."""
    first = error.args[0] if error.args else None
    reason = first.reason if isinstance(first, urllib3.exceptions.MaxRetryError) else None
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return FaultyAnswerError(
            f"the name {host} could not be looked up",
            next_step="run again once this computer's network is up, and check SURVEYMONKEY_API_URL",
        )
    if isinstance(reason, urllib3.exceptions.NewConnectionError):
        return FaultyAnswerError(
            f"the connection failed, nothing answers at {host}",
            next_step="run again later; check SURVEYMONKEY_API_URL, and whether a firewall is in between",
        )
    return None


def _untrusted(host: str) -> SourceUnreachableError:
    return SourceUnreachableError(
        f"The certificate of {host} could not be trusted, so nothing was sent. "
        "Check this computer's date, SURVEYMONKEY_API_URL, and whether the certificate of a proxy "
        "belongs in REQUESTS_CA_BUNDLE."
    )
