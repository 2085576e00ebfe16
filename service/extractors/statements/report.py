"""One statement in the making."""

from msgspec import Struct

from service.extractors.statements.phrases import Phrase


class Report(Struct):
    """What is known of a statement so far. Its content is the tokens `[first:last]`, from the view offset `start`."""

    cue: tuple[int, int] | None  # view offsets
    act: str
    first: int
    start: int
    at: int  # the token where it stands in the text
    last: int | None = None  # None until it is known where the content ends
    direct: bool = False
    speaker: Phrase | None = None
    carried: bool = False  # the speaker was named before
    nested: bool = False  # it stands in the content of the one before
    pending: bool = False  # the speaker is named later in the sentence
    subordinate: bool = False  # «رغم تأكيد س أن …، …»: the comma ends it
    gender: str = ""
    many: bool = False
    alone: bool = False  # the speaker is one person or thing
