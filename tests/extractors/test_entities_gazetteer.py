"""The tables of known names, and answers that do not depend on how a text is typed."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from service.extractors.annotations import Found
from service.extractors.entities import build_entities
from service.extractors.entities.gazetteer import Gazetteer, load_gazetteer
from service.extractors.entities.matcher import Matcher, elide, join_tokens
from service.extractors.models import Models
from service.text.document import read
from service.text.normalise import fold_form

ARTICLE = (
    "استقبل الرئيس الأمريكي دونالد ترامب في واشنطن رئيسة الوزراء الإيطالية جورجيا ميلوني، وبحثا الحرب في أوكرانيا. "
    "وقال ترامب إنّ حلف شمال الأطلسي (ناتو) سيجتمع في إسطنبول، بينما أكّدت وزارة الخارجية الروسية أنّ موسكو مستعدّة. "
    'وأضافت الدكتورة ليلى المنصوري، مديرة معهد "الفارابي" للدراسات، أن الأوروبيين ينتظرون. '
    "وختمت المنصوري كلامها في مطار قرطاج."
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The tables as the service loads them."""
    return load_gazetteer()


def test_the_tables_are_as_large_as_the_news_wants(gazetteer: Gazetteer) -> None:
    """Countries and territories, cities and regions, organisations, people of public life."""
    tables = Counter(row.table for row in gazetteer.rows)
    assert tables["countries.tsv"] >= 250
    assert tables["places.tsv"] >= 1500
    assert min(tables["organizations.tsv"], tables["media.tsv"], tables["companies.tsv"]) >= 1000
    assert tables["clubs.tsv"] >= 500
    assert tables["people.tsv"] >= 5000


def test_every_id_is_one_things(gazetteer: Gazetteer) -> None:
    """A Wikidata id stands on one row alone."""
    ids = Counter(row.wikidata for row in gazetteer.rows if row.wikidata)
    assert [] == [id_ for id_ in ids if not re.fullmatch(r"Q[1-9]\d*", id_)]
    assert [] == [id_ for id_, rows in ids.items() if rows > 1]


def test_every_country_is_iso_3166(gazetteer: Gazetteer) -> None:
    """Rows carry the codes of the countries' table, each of which is there once."""
    codes = Counter(row.country for row in gazetteer.rows if row.is_country)
    assert {1} == set(codes.values())
    assert set() == {row.country for row in gazetteer.rows if row.country} - set(codes)


@pytest.mark.parametrize(
    ("phrase", "elided"),
    [("القاعدة", "لقاعدة"), ("الليبيون", "ليبيون"), ("باريس", "")],
)
def test_a_lam_takes_the_alef_of_the_article(phrase: str, elided: str) -> None:
    """«للقاعدة» holds «لقاعدة»; three lams are written as two."""
    assert fold_form(elided) == elide(join_tokens(phrase))


def test_a_matcher_reads_whole_words_only() -> None:
    """A phrase ends with a word, and begins with one or after its proclitics."""
    matcher = Matcher({"باريس": None, "كان": None})
    doc = read("وباريس لباريس باريسية والباريسيون مكان وكان", date(2025, 5, 20))
    assert [0, 1, 5] == [match.first for match in matcher.find(doc)]


def typed_loosely(text: str) -> str:
    """As many type: no hamza on an alef, ه for ة, ي for ى."""
    return text.translate(str.maketrans("أإآةى", "اااهي"))


def without_marks(text: str) -> str:
    """No diacritics."""
    return re.sub("[\u064b-\u0652]", "", text)


def with_marks(text: str) -> str:
    """A fatha on every letter that another follows in its word, and a tatweel here and there."""
    return re.sub("(?<=[بتثجحخسشصضطظعغفقكلمنهي])(?=[بتثجحخسشصضطظعغفقكلمنهي])", "\u064e\u0640", text)


@pytest.mark.parametrize("spell", [typed_loosely, without_marks, with_marks])
def test_typing_habits_do_not_change_the_answer(spell: Callable[[str], str]) -> None:
    """The same entities by type, name and link, however the text is spelt."""
    extract = build_entities(Models())

    def answer(text: str) -> set[tuple[str, str, str | None]]:
        found = extract(read(text, date(2025, 5, 20)), Found())
        return {(entity.type, fold_form(entity.name), entity.wikidata) for entity in found}

    assert len(answer(ARTICLE)) > 10
    assert answer(ARTICLE) == answer(spell(ARTICLE))
