"""To be written."""

from service.extractors.annotations import Found
from service.extractors.models import Models
from service.text.document import Document


def build_statements(models: Models):  # type: ignore
    def extract(doc: Document, found: Found):  # type: ignore
        return ()

    return extract
