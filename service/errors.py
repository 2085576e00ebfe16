"""Every error that the service raises on purpose.

IstikhrajError
├── SettingsError      a setting is wrong or contradicts another; stops the start
├── LexiconError       a data file is wrong; names the file and the key; stops the start
├── ModelError         a model file is missing or not the one in the manifest; stops the start
└── ExtractionError    a document was not answered
    ├── Overloaded     the queue is full; says when to come back
    ├── OutOfTime      the document took longer than a document may
    ├── NoWorker       no process is there to extract
    └── Failed         extraction raised, or its process died twice; says where, never on what
"""

import traceback


class IstikhrajError(Exception):
    """The root: catching it catches nothing that a library raised."""


class SettingsError(IstikhrajError):
    """A setting is wrong or contradicts another. The message names it."""


class LexiconError(IstikhrajError):
    """A data file is wrong. The message names the file and the key, never the text of a request."""


class ModelError(IstikhrajError):
    """A model file is missing, or its checksum differs from the manifest's."""


class ExtractionError(IstikhrajError):
    """A document was not answered."""


class Overloaded(ExtractionError):
    """The queue is full.

    retry_after: whole seconds until there is likely to be room.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"full for {retry_after} s")
        self.retry_after = retry_after


class OutOfTime(ExtractionError):
    """The document took longer than a document may."""


class NoWorker(ExtractionError):
    """No process is there to extract."""


class Failed(ExtractionError):
    """Extraction raised, or its process died twice. The message is a type and stack frames, never a value."""


def where(error: BaseException) -> str:
    """The types and stack frames of an error and its causes: no message and no value, for those may quote a text."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        lines.append(type(cause).__qualname__)
        frames = traceback.extract_tb(cause.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines)
