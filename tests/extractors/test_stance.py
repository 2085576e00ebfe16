"""The stance extractor: targets, voices, passages, their aggregation, and the cue lexicon."""

import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extractors.annotations import Entity, Found, Mention, Stance
from service.extractors.models import Models
from service.extractors.stance import aggregate, build_stance, own_voice, rounded
from service.extractors.stance.blend import POST, PROSE, build_register
from service.extractors.stance.cues import build_cue_classifier
from service.extractors.stance.passages import WHOLE, passages
from service.extractors.stance.targets import Target, build_targets
from service.extractors.stance.voice import build_voice
from service.text.document import Document, Span, read
from service.text.normalise import fold_form

NOW = date(2025, 5, 20)  # a Tuesday
TABLES = tomllib.loads((Path(__file__).parents[1] / "corpus/stance.toml").read_text(encoding="utf-8"))
CORPUS, ARTICLES = TABLES["passage"], TABLES["article"]


class Spy:
    """A classifier that likes passages with the word it was given, and remembers what it was asked."""

    version = "spy"

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[tuple[str, str]] = []

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """0.9 favor for passages with the word, neutral otherwise."""
        self.asked += pairs
        return [(0.9, 0.05, 0.05) if self.word in passage else (0.05, 0.05, 0.9) for _, passage in pairs]


def document(text: str, *targets: str) -> Document:
    """A document of the pinned day."""
    return read(text, NOW, targets=targets)


def named(text: str, ident: str, kind: str, name: str, *forms: str) -> Entity:
    """An entity with a mention wherever one of its forms stands."""
    starts = [(text.index(form), form) for form in forms]
    mentions = tuple(Mention(Span(start, start + len(form))) for start, form in sorted(starts))
    return Entity(id=ident, type=kind, name=name, mentions=mentions)


def stances(doc: Document, *entities: Entity, models: Models | None = None) -> tuple[Stance, ...]:
    """What the extractor finds."""
    extract = build_stance(models) if models else by_cues()
    return extract(doc, Found(entities=entities))


@cache
def by_cues() -> Callable[[Document, Found], tuple[Stance, ...]]:
    """The extractor over the cue lexicon."""
    return build_stance(Models())


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("نطالب بوقف إطلاق النار فورا.", "وقف إطلاق النار"),
        ("لا عودة عن وقف اطلاق النار.", "وقف إطلاق النار"),
        ("للعقوبات أثر بالغ.", "العقوبات"),
        ("تلك عقوباتهم.", "العقوبات"),
        ("وبالانتخابات نغير.", "الانتخابات"),
        ("كلنا مع #تمكين_المرأة اليوم", "تمكين المرأة"),
    ],
)
def test_finds_a_target_under_proclitics_article_and_spelling(text: str, target: str) -> None:
    """A mention is found by its stems, whatever is written onto it."""
    (found,) = build_targets()(document(text, target), ())

    assert max(found.strength) == 1.0


def test_does_not_find_a_target_in_a_text_about_something_else() -> None:
    """A text without the target's words has no mention of it."""
    (found,) = build_targets()(document("هطلت الأمطار على الشمال.", "وقف إطلاق النار"), ())

    assert set(found.strength) == {0.0}


def test_a_target_that_names_an_entity_is_mentioned_wherever_the_entity_is() -> None:
    """The cluster's other mentions count, and the target carries the entity's id."""
    text = "زار دونالد ترامب باريس. ثم عاد ترامب."
    last = text.rindex("ترامب")
    mentions = (Mention(Span(4, 16)), Mention(Span(last, last + 5)))
    entity = Entity(id="e1", type="PERSON", name="دونالد ترامب", mentions=mentions)

    (found,) = build_targets()(document(text, "دونالد ترامب"), (entity,))

    assert (found.entity, found.strength[-2]) == ("e1", 1.0)


def test_without_targets_the_most_salient_entity_is_asked_about() -> None:
    """A person named first outweighs a place named later; the stance carries its id and name."""
    text = "دافع كمال عن قراره في باريس."
    person = named(text, "e1", "PERSON", "كمال", "كمال")
    place = named(text, "e2", "LOCATION", "باريس", "باريس")

    (found,) = stances(document(text), person, place)

    assert (found.target, found.source, found.entity) == ("كمال", "document", "e1")


def test_without_targets_and_entities_there_is_no_stance() -> None:
    """Nothing is asked, nothing is answered."""
    assert stances(document("هذا خبر سار.")) == ()


def test_every_target_gets_its_stance_in_the_order_of_the_request() -> None:
    """Repeated and unmentioned targets are answered too."""
    found = stances(document("نرحب بالهدنة.", "الهدنة", "العقوبات", "الهدنة"))

    assert [item.target for item in found] == ["الهدنة", "العقوبات", "الهدنة"]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("قال الوزير إن القانون سيئ.", "القانون سيئ."),
        ("وأكدت الناطقة باسم الحكومة أنها ستمضي.", "ستمضي."),
        ("ندد الحزب بالقرار.", "الحزب بالقرار."),
        ("ترامب: العقوبات باقية", "العقوبات باقية"),
        ("نشروا بيانا «نرفض هذا القرار رفضا تاما» ومضوا", "نرفض هذا القرار رفضا تاما"),
        ("نرفض هذا القرار.", ""),
        ("سماه «الخطأ الكبير» وانصرف", ""),
    ],
)
def test_tells_reported_words_from_the_texts_own(text: str, reported: str) -> None:
    """Reported clauses, sides taken by others, headlines and quotations are others' voices; the first person is not."""
    doc = document(text)
    marked = [token for token, other in zip(doc.tokens, build_voice()(doc), strict=True) if other]

    assert (doc.text[marked[0].start : marked[-1].end] if marked else "") == reported


def test_a_reported_stance_weighs_less_than_the_texts_own() -> None:
    """What a speaker wants pulls towards neutral."""
    own, said = (
        stances(document(text, "القانون"), models=Models(stance=Spy("عادل")))[0].scores["favor"]
        for text in ("القانون عادل.", "قال الوزير إن القانون عادل.")
    )

    assert said < own


def test_a_short_text_is_read_in_one_piece() -> None:
    """A post is one passage, however it is punctuated."""
    spy = Spy("جيد")
    stances(document("القانون جيد! نعم. شكرا", "القانون"), models=Models(stance=spy))

    assert spy.asked[0] == ("القانون", "القانون جيد! نعم. شكرا")


def test_a_long_text_is_read_where_it_speaks_of_the_target() -> None:
    """A mention deep in an article is among the passages read, with the full weight, and their number is bounded."""
    filler = "انعقدت الجلسة صباح أمس في قاعة البلدية وحضرها عدد كبير من المواطنين والمسؤولين. " * 40
    doc = document(filler + "إن قانون الإيجار منصف للجميع بلا استثناء. " + filler, "قانون الإيجار")
    (target,) = build_targets()(doc, ())
    read_passages = passages(doc, target)

    assert [p.weight for p in read_passages if target.within(p.first, p.last)] == [1.0]
    assert len(read_passages) <= 10


def test_one_clear_sentence_outweighs_an_articles_neutral_ones() -> None:
    """An article that takes a side once takes it, and that sentence is its first evidence."""
    filler = "انعقدت جلسة قانون الإيجار صباح أمس في قاعة البلدية وحضرها عدد كبير من المواطنين. " * 12
    doc = document(filler + "إن قانون الإيجار عادل ومنصف لكل الناس.", "قانون الإيجار")
    (found,) = stances(doc, models=Models(stance=Spy("عادل")))

    assert (found.label, [doc.quote(item.span) for item in found.evidence]) == (
        "favor",
        ["إن قانون الإيجار عادل ومنصف لكل الناس."],
    )


def test_evidence_is_at_most_five_sentences_best_first() -> None:
    """Of many sentences that take the side, the five surest are shown."""
    doc = document("القانون جيد للناس كلهم في كل مكان من البلاد. " * 20, "القانون")
    (found,) = stances(doc, models=Models(stance=Spy("جيد")))
    scores = [item.score for item in found.evidence]

    assert (len(scores), scores) == (5, sorted(scores, reverse=True))


def test_passages_cover_a_long_sentence_without_punctuation() -> None:
    """A run-on text is cut, and every passage holds tokens."""
    doc = document("كلام طويل " * 400, "كلام")
    (target,) = build_targets()(doc, ())

    assert all(p.last > p.first for p in passages(doc, target))


def test_aggregates_nothing_to_neutral() -> None:
    """A text without words takes no side."""
    assert aggregate([], []) == (0.0, 0.0, 1.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1)), min_size=1, max_size=8))
def test_scores_sum_to_one(raw: list[tuple[float, float, float]]) -> None:
    """Whatever the passages say, and however much of them is reported."""
    judged = [own_voice((a / (a + b + c), b / (a + b + c), c / (a + b + c)), 0.5) for a, b, c in raw]

    assert sum(rounded(aggregate([1.0] * len(judged), judged)).values()) == pytest.approx(1, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="اأبتجسلمنوية «»:.،؟\n#_1\u064b\u0640", max_size=150), st.text(min_size=1, max_size=20))
def test_any_text_and_target_gives_spans_of_the_text(text: str, target: str) -> None:
    """No text breaks it, and evidence lies inside the text."""
    for found in stances(document(text, target)):
        assert all(0 <= item.span.start < item.span.end <= len(text) for item in found.evidence)


@pytest.mark.parametrize(
    ("target", "passage", "label"),
    [
        ("وقف إطلاق النار", "نرحب بوقف إطلاق النار.", 0),
        ("القرار", "هذا القرار كارثة.", 1),
        ("القرار", "ليس القرار كارثة.", 0),
        ("العقوبات", "العقوبات ظالمة، أما الهدنة فخطوة شجاعة.", 1),
        ("الهدنة", "العقوبات ظالمة، أما الهدنة فخطوة شجاعة.", 0),
        ("الهدنة", "تدخل الهدنة حيز التنفيذ غدا.", 2),
        ("الهدنة", "هذا الفيلم رائع.", 2),
    ],
)
def test_the_cue_lexicon_reads_clear_words_and_abstains_without(target: str, passage: str, label: int) -> None:
    """Cues count in the target's clause, negation turns them, no cue is neutral."""
    (scores,) = build_cue_classifier().score([(target, passage)])

    assert max(range(3), key=lambda i: scores[i]) == label


def test_the_corpus_is_balanced_and_repeats_nothing() -> None:
    """150 passages, a third each way by their first target, half of them held; no text twice."""
    labels = Counter(passage["stances"][0]["label"] for passage in CORPUS)

    assert len(CORPUS) == 150
    assert min(labels.values()) >= 45
    assert set(labels) == {"favor", "against", "neutral"}
    assert sum(passage.get("held", False) for passage in CORPUS) == 75
    assert len({fold_form(passage["text"]) for passage in CORPUS}) == 150


def test_the_corpus_articles_are_long_and_half_of_them_held() -> None:
    """Whole articles, read in windows; their targets stand in them."""
    assert sum(article.get("held", False) for article in ARTICLES) == len(ARTICLES) / 2
    assert min(len(article["text"].split()) for article in ARTICLES) > 3 * WHOLE
    for article in ARTICLES:
        for stance in article["stances"]:
            (target,) = build_targets()(document(article["text"], stance["target"]), ())
            assert max(target.strength) > 0, stance["target"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("إن هذا القانون عادل، وقد أنصف العمال بعد طول انتظار.", "prose"),
        ("هذا القانون عادل وقد أنصف العمال", "post"),
        ("هذا القانون عادل!! وقد أنصف العمال.", "post"),
        ("هذا القانون  عادل وقد أنصف العمال .", "post"),
        ("اعتقد ان القانون عادل وقد أنصف العمال.", "post"),
        ("القانون عادل وأنصف اللي تعبوا.", "post"),
        ("القانون عادل #العمال.", "post"),
        ("القانون عادل. " * 40, "prose"),
    ],
)
def test_tells_prose_from_posts(text: str, kind: str) -> None:
    """Marks, gaps, hamzas left out and words of the dialects give a post away; what is long is prose."""
    assert build_register()(document(text)) == {"prose": PROSE, "post": POST}[kind]


def test_a_target_without_letters_is_mentioned_nowhere() -> None:
    """Punctuation alone names nothing."""
    (found,) = build_targets()(document("نرحب بالهدنة.", "؟!"), ())

    assert found == Target("؟!", "request", None, (0.0,) * 3)


def test_whole_is_what_a_post_holds() -> None:
    """The longest posts are still read in one piece."""
    doc = document("كلمة " * WHOLE, "كلمة")
    (target,) = build_targets()(doc, ())

    assert len(passages(doc, target)) == 1
