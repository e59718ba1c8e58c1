"""What the console asks a provider, with limits on time and size."""

import time
from collections.abc import Iterator

import httpx2

BODY_BYTES_MAX = 500_000
"""Of one answer: key sets and ID tokens have some kilobytes."""


class TooMuch(httpx2.TransportError):
    """An answer that is too long or trickles for too long."""


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, seconds_max: float) -> None:
        self._stream = stream
        self._give_up_at = time.monotonic() + seconds_max

    def __iter__(self) -> Iterator[bytes]:
        total = 0
        for chunk in self._stream:
            total += len(chunk)
            if total > BODY_BYTES_MAX or time.monotonic() > self._give_up_at:
                raise TooMuch("the answer is too long")
            yield chunk

    def close(self) -> None:
        self._stream.close()


class BoundedTransport(httpx2.HTTPTransport):
    """HTTP with a limit on the body: each wait has its time-out, and all of a body together has it too."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__()
        self._timeout_s = timeout_s

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask for what is not packed: the limit is on bytes as they come, and a packed body could grow."""
        request.headers["accept-encoding"] = "identity"
        answer = super().handle_request(request)
        if answer.headers.get("content-encoding", "identity") != "identity":
            answer.close()
            raise TooMuch("the answer is packed")
        if isinstance(answer.stream, httpx2.SyncByteStream):
            answer.stream = _Bounded(answer.stream, self._timeout_s)
        return answer
