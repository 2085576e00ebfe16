"""POST /extract: one text."""

from litestar import Response, post

from service.api.body import limit_of, read
from service.api.media import FORMATS, content_type, negotiate
from service.api.problems import problem_of
from service.api.respond import respond, while_connected
from service.api.service import AnyRequest, header, note, require_key, service_of
from service.api.validation import decode, query_of, shaped
from service.errors import ExtractionError
from service.schema import ExtractRequest
from service.worker import Task


@post("/extract", guards=[require_key])
async def extract(request: AnyRequest) -> Response[bytes]:
    """Facts out of one text."""
    service = service_of(request)
    max_chars = service.settings.max_chars
    offered = negotiate(header(request, "accept"), tuple(FORMATS))
    sent = content_type(header(request, "content-type"), tuple(FORMATS))
    service.check_open()
    body = await read(request, limit_of(max_chars))
    query = query_of(shaped(decode(body, FORMATS[sent]), ExtractRequest), max_chars)
    note(request, len(query.text))
    try:
        (answer,) = service.executor.submit([Task(query, FORMATS[offered])])
        await while_connected(request, [answer])
        encoded = answer.result()
    except ExtractionError as error:
        raise problem_of(error) from error
    return await respond(request, encoded, offered)
