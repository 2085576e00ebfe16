"""Pipelines for worker processes that do what a text says, so that tests can have any outcome."""

import gc
import os
import sys
import time
from pathlib import Path

from service.query import Pipeline, Query
from service.schema import Extraction, ExtractMeta, ModelVersions

MARK = "مفتاح-البيت-تحت-السجادة"


def build_obedient() -> Pipeline:
    """Answers with an empty extraction, unless the text begins with an order."""

    def extract(query: Query) -> Extraction:
        order, _, rest = query.text.partition(" ")
        match order:
            case "fail":
                raise ValueError(f"cannot read {query.text}")
            case "sleep":
                time.sleep(float(rest))
            case "die":
                os._exit(1)
            case "die-once" if not Path(rest).exists():
                Path(rest).touch()
                os._exit(1)
        return Extraction(
            entities=[],
            dates=[],
            numeric_facts=[],
            stance=None,
            statements=[],
            meta=ExtractMeta(
                version="0",
                models=ModelVersions(entities=None, stance=None),
                reference_date=query.reference_date,
                offset_unit=query.offset_unit,
                characters=len(query.text),
                sentences=1,
            ),
        )

    return extract


def build_where_all_is_loaded() -> Pipeline:
    """Loads only in a process that has all modules and collects no garbage; extracts only where it is collected."""
    if "service.pipeline" not in sys.modules or gc.isenabled() or not gc.get_freeze_count():
        raise OSError("this process was not prepared")
    answer = build_obedient()

    def extract(query: Query) -> Extraction:
        if not gc.isenabled():
            raise ValueError("garbage is not collected")
        return answer(query)

    return extract


def build_nothing() -> Pipeline:
    """Cannot load."""
    raise OSError("months.toml: no such file")


def build_fatally() -> Pipeline:
    """Ends the process."""
    os._exit(1)
