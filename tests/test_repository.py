"""What the repository says of itself is true: README, locks, chart and versions agree with the code."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service import __version__
from service.api.validation import query_of, shaped
from service.query import Pipeline
from service.schema import ExtractRequest
from service.settings import Settings
from service.worker import load

ROOT = Path(__file__).parents[1]
LOCKS = [ROOT / "requirements.lock", *sorted((ROOT / "requirements").glob("*.lock"))]
PROSE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    """The pipeline that the service runs."""
    return load()


def answer(pipeline: Pipeline, fields: dict[str, Any]) -> Any:
    """What the service answers, as JSON reads it."""
    query = query_of(shaped(fields, ExtractRequest), max_chars=Settings().max_chars)
    return json.loads(msgspec.json.encode(pipeline(query)))


def fenced(language: str, after: str) -> str:
    """README's first code block in a language after a line."""
    match = re.search(rf"^```{language}\n(.*?)^```$", README[README.index(after) :], re.DOTALL | re.MULTILINE)
    assert match is not None
    return match[1]


def missing(shown: Any, given: Any, at: str = "") -> Iterator[str]:
    """Where `shown`, which may leave out keys and items, differs from `given`."""
    if isinstance(shown, dict) and isinstance(given, dict):
        for key, value in shown.items():
            if key in given:
                yield from missing(value, given[key], f"{at}/{key}")
            else:
                yield f"{at}/{key}"
    elif isinstance(shown, list) and isinstance(given, list):
        items = iter(given)
        for number, value in enumerate(shown):
            if not any(not list(missing(value, item)) for item in items):
                yield f"{at}/{number}"
    elif shown != given:
        yield f"{at}: {shown!r} is {given!r}"


def test_the_readmes_request_gives_the_readmes_answer(pipeline: Pipeline) -> None:
    """To the last field."""
    body = re.search(r"-d '(.*)'$", fenced("sh", "Ask it something"), re.MULTILINE)
    assert body is not None
    assert json.loads(fenced("json", "Ask it something")) == answer(pipeline, json.loads(body[1]))


def test_the_readmes_picture_is_of_a_real_answer(pipeline: Pipeline) -> None:
    """Trimmed, never touched up."""
    section = README[README.index("## A picture") :]
    text = re.search(r"^> (.*)$", section, re.MULTILINE)
    target = re.search(r"asked about «(.*)»", section)
    assert text is not None
    assert target is not None
    shown = json.loads(fenced("json", "## A picture"))
    given = answer(pipeline, {"text": text[1], "targets": [target[1]], "reference_date": "2025-05-27"})
    assert {"entities", "dates", "numeric_facts", "stance", "statements"} == set(shown)
    assert [] == list(missing(shown, given))


def test_every_endpoint_is_in_the_readme() -> None:
    """In whatever order reads best."""
    paths = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    endpoints = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert endpoints == set(re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", README, re.MULTILINE))


def test_every_setting_is_in_the_readme() -> None:
    """With its default, and the first sentence of its docstring, in the order of the code."""
    assert list(setting_rows()) == re.findall(r"^\| `[A-Z_]+` \|.*$", README, re.MULTILINE)


def setting_rows() -> Iterator[str]:
    """README's rows, as `settings.py` would have them."""
    tree = ast.parse((ROOT / "service" / "settings.py").read_text(encoding="utf-8"))
    (settings,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings"]
    body = settings.body[1:]
    for field, docstring in zip(body[::2], body[1::2], strict=True):
        assert isinstance(field, ast.AnnAssign)
        assert isinstance(docstring, ast.Expr)
        (name, meaning) = ast.unparse(field.target), ast.literal_eval(docstring.value)
        yield f"| `{name.upper()}` | {default_of(name)} | {re.split(r'(?<=[.]) ', ' '.join(meaning.split()))[0]} |"


def default_of(name: str) -> str:
    """A setting's default, as an operator would write it."""
    (field,) = [field for field in msgspec.structs.fields(Settings) if field.name == name]
    if field.default_factory is not msgspec.NODEFAULT:
        return "the cores given" if name == "workers" else "none"
    if field.default in ((), None, ""):
        return "none"
    return f"`{field.default:g}`" if isinstance(field.default, float) else f"`{field.default}`"


def test_the_chart_knows_every_setting() -> None:
    """HOST and PORT are the chart's own; keys come from a secret."""
    schema = json.loads((ROOT / "charts" / "istikhraj" / "values.schema.json").read_text(encoding="utf-8"))
    known = set(schema["properties"]["settings"]["properties"])
    assert {name.upper() for name in Settings.__struct_fields__} - {"HOST", "PORT", "API_KEYS"} == known


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_what_prose_points_at_exists(path: Path) -> None:
    """Files that are linked or named, and targets of make."""
    prose = path.read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)#:]+)\)", prose)
    named += re.findall(r"(?<!\[)`([\w./-]+\.(?:json|md|py|toml|tsv|txt|yaml))`", prose)
    assert named
    assert [] == [name for name in named if not (ROOT / name).exists()]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", prose, re.MULTILINE))
    assert set() == targets - set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


def test_one_version_everywhere() -> None:
    """The package, the image and the chart's application."""
    chart = (ROOT / "charts" / "istikhraj" / "Chart.yaml").read_text(encoding="utf-8")
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert [__version__] == re.findall(r"^appVersion: (.*)$", chart, re.MULTILINE)
    assert [__version__] == re.findall(r"^ARG VERSION=(.*)$", dockerfile, re.MULTILINE)
    assert {__version__} == set(re.findall(r"istikhraj:(\d+\.\d+\.\d+)", README))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_hashes_and_no_address(path: Path) -> None:
    """It installs the same files from whichever registry the reader has."""
    lock = path.read_text(encoding="utf-8")
    assert "://" not in lock
    assert [] == re.findall(r"^-.*$", lock, re.MULTILINE)
    pins = re.findall(r"^[a-z].*?(?=^[a-z]|\Z)", lock, re.DOTALL | re.MULTILINE)
    assert pins
    assert [] == [pin.splitlines()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin]


def test_the_lock_is_of_these_dependencies() -> None:
    """Everything declared is pinned, and nothing that was kept out has come back."""
    lock = LOCKS[0].read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    overrides = (ROOT / "requirements" / "overrides.txt").read_text(encoding="utf-8")
    assert set() == declared() - pinned
    assert set() == set(re.findall(r"^([a-z0-9-]+);", overrides, re.MULTILINE)) & pinned


def declared() -> set[str]:
    """The names of the dependencies that pyproject.toml declares."""
    return {re.split(r"[^\w-]", item)[0].lower() for item in PYPROJECT["project"]["dependencies"]}


def test_every_dependency_is_imported() -> None:
    """What nothing imports only makes the image larger."""
    imported = {
        name.split(".")[0]
        for path in (ROOT / "service").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    distributions = packages_distributions()
    used = {item.lower().replace("_", "-") for name in imported for item in distributions.get(name, [])}
    by_uvicorn = {"httptools", "uvloop"}
    assert set() == declared() - used - by_uvicorn
