"""Building answers."""

import asyncio

from litestar import Response

from service.api.body import compress
from service.api.media import coding
from service.api.problems import MEDIA_TYPE, ProblemError, encode
from service.api.service import AnyRequest, ClientGone, header


async def respond(request: AnyRequest, body: bytes, media_type: str) -> Response[bytes]:
    """A 200 with an encoded body, compressed as the client likes it."""
    body, used = await compress(body, coding(header(request, "accept-encoding")))
    headers = {"Vary": "Accept, Accept-Encoding"}
    if used:
        headers["Content-Encoding"] = used
    return Response(body, media_type=media_type, headers=headers, status_code=200)


def refuse(request_id: str, error: ProblemError) -> Response[bytes]:
    """A problem."""
    return Response(
        encode(error.body(request_id)), media_type=MEDIA_TYPE, headers=error.headers, status_code=error.status
    )


async def while_connected(request: AnyRequest, answers: list[asyncio.Future[bytes]]) -> None:
    """Wait until every answer is there. When the client goes first, its work is dropped. Raises ClientGone."""
    everything = asyncio.ensure_future(asyncio.wait(answers))
    gone = asyncio.ensure_future(request.receive())  # the body has been read: what comes now is the disconnection
    try:
        await asyncio.wait((everything, gone), return_when=asyncio.FIRST_COMPLETED)
        if not everything.done():
            raise ClientGone
    finally:
        everything.cancel()
        gone.cancel()
        for answer in answers:
            answer.cancel()  # of no effect on those that are done
