"""The Prefect API that is configured: whether it answers."""

from __future__ import annotations

from urllib.error import HTTPError, URLError
from urllib.request import urlopen

SECONDS_TO_ANSWER = 10.0  # Prefect's own client would wait ten minutes for a server that only listens


def await_answer(url: str) -> None:
    """Have the API at *url* answer, whatever it says.

    Raises:
        OSError: it gives no answer in time.
    """
    try:
        with urlopen(f"{url.rstrip('/')}/health", timeout=SECONDS_TO_ANSWER):  # noqa: S310 - the operator's own setting
            return
    except HTTPError:
        return
    except (URLError, ValueError) as error:
        raise OSError(str(error)) from None
