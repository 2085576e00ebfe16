"""A tagger's labels through the entity extractor: spans cut from proclitics, types, agreement, what is left out."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from service.extractors.annotations import Entity, Found
from service.extractors.entities import build_entities
from service.extractors.entities.decode import spans
from service.extractors.models import Models
from service.text.document import read

REFERENCE = date(2025, 5, 20)  # a Tuesday


class Scripted:
    """A tagger that labels the words that it was told, wherever they stand."""

    version = "scripted"

    def __init__(self, labels: Mapping[str, str], confidence: float) -> None:
        self.labels = labels
        self.confidence = confidence

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """The told label of every word, O for the others."""
        return [[(self.labels.get(word, "O"), self.confidence) for word in sentence] for sentence in sentences]


def found_in(text: str, labels: Mapping[str, str], confidence: float = 0.9) -> list[tuple[str, str]]:
    """(type, text) of every mention, in order, with these labels."""
    return [(type_, text[start:end]) for start, end, type_, _ in mentions_in(text, labels, confidence)]


def mentions_in(text: str, labels: Mapping[str, str], confidence: float = 0.9) -> list[tuple[int, int, str, str]]:
    """(start, end, type, entity id) of every mention, in order."""
    return sorted(
        (mention.span.start, mention.span.end, entity.type, entity.id)
        for entity in entities_in(text, labels, confidence)
        for mention in entity.mentions
    )


def entities_in(text: str, labels: Mapping[str, str], confidence: float = 0.9) -> tuple[Entity, ...]:
    """The entities of a text, with these labels."""
    extract = build_entities(Models(tagger=Scripted(labels, confidence)))
    return extract(read(text, REFERENCE), Found())


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        (
            "قال زياد دبار لموزاييك إن العرض جيد",
            {"زياد": "B-PER", "دبار": "I-PER", "لموزاييك": "I-PER"},
            [("PERSON", "زياد دبار"), ("ORGANIZATION", "موزاييك")],
        ),
        (
            "توفي الشاعر الجيبوتي شحم واتو أمس",
            {"الجيبوتي": "B-PER", "شحم": "I-PER", "واتو": "I-PER"},
            [("NATIONALITY", "الجيبوتي"), ("PERSON", "شحم واتو")],
        ),
        (
            "أضربت النقابة العامة للأطباء بولاية سوسة",
            {"النقابة": "B-ORG", "العامة": "I-ORG", "للأطباء": "I-ORG", "بولاية": "I-ORG", "سوسة": "B-LOC"},
            [("ORGANIZATION", "النقابة العامة للأطباء"), ("LOCATION", "سوسة")],
        ),
        (
            "هزمت فصائل مقاتلة مناضلي الفيلجانا",
            {"فصائل": "B-ORG", "مناضلي": "B-ORG", "الفيلجانا": "I-ORG"},
            [("ORGANIZATION", "الفيلجانا")],
        ),
        ("تصدر دوري روشن", {"دوري": "B-LOC", "روشن": "I-LOC"}, []),
        (
            "أقام في تيمبرلاند وأوهايوفيل",
            {"تيمبرلاند": "B-LOC", "وأوهايوفيل": "B-LOC"},
            [("LOCATION", "تيمبرلاند"), ("LOCATION", "أوهايوفيل")],
        ),
        (
            "أقام في تيمبرلاند وويلمسفورد",
            {"تيمبرلاند": "B-LOC", "وويلمسفورد": "B-LOC"},
            [("LOCATION", "تيمبرلاند"), ("LOCATION", "ويلمسفورد")],
        ),
        ("وصل وونغتانغ أمس", {"وونغتانغ": "B-PER"}, [("PERSON", "وونغتانغ")]),
        ("وصل وائل أمس", {"وائل": "B-PER"}, [("PERSON", "وائل")]),
        ("حوار مع والكرفاحي أيضا", {"والكرفاحي": "B-PER"}, [("PERSON", "الكرفاحي")]),
        ("قال لفيلدرز كلاما، فغضب فيلدرز", {"لفيلدرز": "B-PER", "فيلدرز": "B-PER"}, [("PERSON", "فيلدرز")] * 2),
        ("قرار للزهراوي وحده", {"للزهراوي": "B-PER"}, [("PERSON", "لزهراوي")]),
        ("وصل فالكون ثم خرج فالكون", {"فالكون": "B-PER"}, [("PERSON", "فالكون")] * 2),
        ("صعد لحسن إلى المنصة", {"لحسن": "B-PER"}, [("PERSON", "حسن")]),
        ("أقام في مدينة ولفنغتون", {"ولفنغتون": "B-LOC"}, [("LOCATION", "ولفنغتون")]),
        ("قال كالزاموري ذلك", {"كالزاموري": "B-PER"}, [("PERSON", "كالزاموري")]),
        ("قال فالزاموري ذلك", {"فالزاموري": "B-PER"}, [("PERSON", "فالزاموري")]),
        ("رفضوا، فالزهراوي غائب", {"فالزهراوي": "B-PER"}, [("PERSON", "الزهراوي")]),
        ("كتب الزهراوي كالزهراوي القديم", {"كالزهراوي": "B-PER", "الزهراوي": "B-PER"}, [("PERSON", "الزهراوي")] * 2),
        (
            "سافر إلى كاليفورنيا الأمريكية",
            {"كاليفورنيا": "B-LOC", "الأمريكية": "I-LOC"},
            [("LOCATION", "كاليفورنيا"), ("NATIONALITY", "الأمريكية")],
        ),
    ],
)
def test_proclitics_are_cut_by_what_is_known(
    text: str, labels: Mapping[str, str], expected: list[tuple[str, str]]
) -> None:
    """A name's first word loses its proclitics where a lexicon or the text itself knows the rest."""
    assert expected == found_in(text, labels)


def test_titles_and_generic_nouns_are_no_part_of_a_name() -> None:
    """What the labels hold too much is cut off: titles before persons, generic nouns before places and media."""
    labels = {
        "السيد": "B-PER",
        "بافلوفسكي": "I-PER",
        "مدينة": "B-LOC",
        "تيمبرلاند": "I-LOC",
        "صحيفة": "B-ORG",
        "كورييرا": "I-ORG",
    }
    text = "قال السيد بافلوفسكي في مدينة تيمبرلاند لمراسل صحيفة كورييرا ذلك"
    expected = [("PERSON", "بافلوفسكي"), ("LOCATION", "تيمبرلاند"), ("ORGANIZATION", "كورييرا")]
    assert expected == found_in(text, labels)


def test_a_sure_row_beats_the_tagger_over_the_same_words() -> None:
    """The gazetteer knows that Paris is a place."""
    assert [("LOCATION", "باريس")] == found_in("عاد من باريس", {"باريس": "B-ORG"}, confidence=0.8)


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ("تعادل مايوركا مع ضيفه", {"مايوركا": "B-ORG"}, [("ORGANIZATION", "مايوركا")]),
        ("أقام في مايوركا سنة", {"مايوركا": "B-ORG"}, [("LOCATION", "مايوركا")]),
        ("أقام بمايوركا سنة", {"بمايوركا": "B-ORG"}, [("LOCATION", "مايوركا")]),
        ("أقيم الحفل بمدينة مايوركا", {"مايوركا": "B-ORG"}, [("LOCATION", "مايوركا")]),
        ("قبلت إيطاليا العرض", {"إيطاليا": "B-ORG"}, [("LOCATION", "إيطاليا")]),
    ],
)
def test_a_sure_organisation_may_be_named_after_a_listed_place(
    text: str, labels: Mapping[str, str], expected: list[tuple[str, str]]
) -> None:
    """A club stands against a listed place, not where the words around say place, and never against a country."""
    assert expected == found_in(text, labels, confidence=0.95)


def test_a_weak_organisation_where_a_place_stands_is_the_place() -> None:
    """«الكاف» is a federation and a town."""
    labels = {"الكاف": "B-ORG", "بالكاف": "B-ORG"}
    assert [("LOCATION", "الكاف")] == found_in("أقام في الكاف شهرا", labels, confidence=0.6)
    assert [("LOCATION", "الكاف")] == found_in("أقام بالكاف شهرا", labels, confidence=0.6)
    assert [("ORGANIZATION", "الكاف")] == found_in("قررت الكاف ذلك", labels, confidence=0.6)


def test_a_national_team_is_its_country() -> None:
    """The noun of a team is outside, and so is its sport."""
    labels = {"منتخب": "B-ORG", "البرازيل": "I-ORG", "لكرة": "I-ORG", "القدم": "I-ORG"}
    assert [("LOCATION", "البرازيل")] == found_in("فاز منتخب البرازيل لكرة القدم", labels)


def test_the_nationality_of_a_proper_name_stands_for_itself() -> None:
    """It is part of «وزارة المالية اللبنانية», of a town's university not."""
    labels = {"جامعة": "B-ORG", "تيمبرلاند": "I-ORG", "الموريتانية": "I-ORG"}
    expected = [("ORGANIZATION", "جامعة تيمبرلاند"), ("NATIONALITY", "الموريتانية")]
    assert expected == found_in("درس في جامعة تيمبرلاند الموريتانية", labels)


def test_a_bare_head_is_no_organisation() -> None:
    """«الجامعة» alone is not a name, whatever its label says."""
    assert [] == found_in("نفت الجامعة ذلك", {"الجامعة": "B-ORG"})


def test_what_an_organisation_is_for_belongs_to_bodies_alone() -> None:
    """A body's purpose is part of its name; a club's sport and the word firm are not."""
    labels = {"لوكاتيلو": "B-ORG", "الجامعة": "B-ORG", "السلوفينية": "I-ORG"}
    assert [("ORGANIZATION", "لوكاتيلو")] == found_in("فاز لوكاتيلو لكرة القدم", labels)
    assert ("ORGANIZATION", "الجامعة السلوفينية لكرة القدم") in found_in("قررت الجامعة السلوفينية لكرة القدم", labels)
    assert [("ORGANIZATION", "لوكاتيلو")] == found_in("أعلنت شركة لوكاتيلو ذلك", labels)
    assert [("ORGANIZATION", "مؤسسة لوكاتيلو")] == found_in("أعلنت مؤسسة لوكاتيلو ذلك", labels)


def test_what_a_person_does_is_no_part_of_the_name() -> None:
    """A verbal noun after ب is cut off with what it governs; surnames that begin so are not."""
    labels = {"ميروسلاف": "B-PER", "بتأجير": "I-PER", "القاعدة": "I-PER", "باعتقال": "I-PER", "بترايوس": "I-PER"}
    assert [("PERSON", "ميروسلاف")] == found_in("رحب ميروسلاف بتأجير القاعدة", labels)
    assert [("PERSON", "ميروسلاف")] == found_in("أمر ميروسلاف باعتقال جاره", labels)
    assert [("PERSON", "ميروسلاف بترايوس")] == found_in("أمر ميروسلاف بترايوس بذلك", labels)


def test_a_nationality_opens_no_body() -> None:
    """«شركة ألمانية كبرى» is any firm of the country."""
    labels = {"ألمانية": "B-ORG", "كبرى": "I-ORG"}
    assert [("NATIONALITY", "ألمانية")] == found_in("أعلنت شركة ألمانية كبرى ذلك", labels)


def test_a_whole_listed_name_takes_no_errand() -> None:
    """What a bank does stays outside; what a union is for tells which union it is."""
    labels = {"البنك": "B-ORG", "الدولي": "I-ORG", "لمكافحة": "I-ORG", "الفقر": "I-ORG"}
    assert [("ORGANIZATION", "البنك الدولي")] == found_in("يسعى البنك الدولي لمكافحة الفقر", labels)
    labels = {"الاتحاد": "B-ORG", "الأوروبي": "I-ORG", "للتجديف": "I-ORG"}
    assert [("ORGANIZATION", "الاتحاد الأوروبي للتجديف")] == found_in("أعلن الاتحاد الأوروبي للتجديف ذلك", labels)


def test_a_longer_name_beats_a_shorter_one() -> None:
    """The tagger may know a name that a known one is part of."""
    labels = {"مقهى": "B-ORG", "باريس": "I-ORG", "الصغير": "I-ORG"}
    assert [("ORGANIZATION", "مقهى باريس الصغير")] == found_in("جلس في مقهى باريس الصغير", labels)


def test_misc_and_doubtful_labels_are_never_emitted() -> None:
    """MISC in its training data is currencies and religions; below an even chance a label is no mention."""
    assert [] == found_in("سعر الدولار مرتفع", {"الدولار": "B-MISC"})
    assert [] == found_in("وصل بافلوفسكي", {"بافلوفسكي": "B-PER"}, confidence=0.4)


def test_listed_words_are_no_names_whatever_the_tagger_says() -> None:
    """not_names.toml goes before it."""
    assert [] == found_in("أطلقت القوات صاروخا باليستيا ليلا", {"باليستيا": "B-LOC"}, confidence=0.95)
    assert [] == found_in("سجل المدافع هدفا في مرماه", {"مرماه": "B-LOC"}, confidence=0.95)


def test_adjacent_persons_are_one_name() -> None:
    """Nothing parts two names of persons but a conjunction."""
    labels = {"ووتيسان": "B-PER", "وونغتالاي": "B-PER"}
    assert [("PERSON", "ووتيسان وونغتالاي")] == found_in("أوقف ووتيسان وونغتالاي أمس", labels)


def test_whole_names_side_by_side_are_two() -> None:
    """A list without commas is told by its given names; a new line parts names as a full stop does."""
    labels = {"محمد": "B-PER", "بافلوفسكي": "I-PER", "أحمد": "B-PER", "ووتيسان": "I-PER"}
    expected = [("PERSON", "محمد بافلوفسكي"), ("PERSON", "أحمد ووتيسان")]
    assert expected == found_in("حضر محمد بافلوفسكي أحمد ووتيسان", labels)
    assert [("PERSON", "بافلوفسكي"), ("PERSON", "ووتيسان")] == found_in(
        "بافلوفسكي\nووتيسان", {"بافلوفسكي": "B-PER", "ووتيسان": "B-PER"}
    )


def test_a_name_twice_in_a_row_is_two_mentions() -> None:
    """As where a headline runs into the text."""
    labels = {"ميروسلاف": "B-PER", "بافلوفسكي": "I-PER"}
    assert [("PERSON", "ميروسلاف بافلوفسكي")] * 2 == found_in("ميروسلاف بافلوفسكي ميروسلاف بافلوفسكي كاتب", labels)


def test_an_and_of_its_own_parts_persons() -> None:
    """«و» between spaces is no part of a name."""
    labels = {"بافلوفسكي": "B-PER", "و": "I-PER", "ووتيسان": "I-PER"}
    assert [("PERSON", "بافلوفسكي"), ("PERSON", "ووتيسان")] == found_in("لحنها بافلوفسكي و ووتيسان معا", labels)


def test_a_shorter_listed_person_does_not_cut_a_longer_name() -> None:
    """A joint leads on; what ب or ل joins does not."""
    labels = {"حمد": "B-PER", "بن": "I-PER", "جاسم": "I-PER", "جبر": "I-PER", "آل": "I-PER", "ثاني": "I-PER"}
    labels |= {"بتعيين": "I-PER"}
    assert [("PERSON", "حمد بن جاسم بن جبر آل ثاني")] == found_in("وصل حمد بن جاسم بن جبر آل ثاني", labels)
    assert [("PERSON", "حمد بن جاسم")] == found_in("رحب حمد بن جاسم بتعيين صديقه", labels)


def test_titles_without_the_article() -> None:
    """«كابتن» is a title, «شيخ» a part of the name that it begins."""
    labels = {"كابتن": "B-PER", "بافلوفسكي": "I-PER", "شيخ": "B-PER", "الشيخ": "B-PER", "ووتيسان": "I-PER"}
    assert [("PERSON", "بافلوفسكي")] == found_in("أوضح كابتن بافلوفسكي ذلك", labels)
    assert [("PERSON", "شيخ ووتيسان")] == found_in("أوضح شيخ ووتيسان ذلك", labels)
    assert [("PERSON", "ووتيسان")] == found_in("أوضح الشيخ ووتيسان ذلك", labels)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("لم يخطئ من قال مرة ذلك", "مرة"),
        ("اتهم بالتحريض وبأنه خائن", "وبأنه"),
        ("انتهى الجدل العبثي الدائر", "العبثي"),
        ("فر شابان من المكان", "شابان"),
        ("استقبل الأمير المفدى ضيوفه", "المفدى"),
        ("ظهر الأسد، وهو حيوان مفترس، مع صغارها في الغابة", "الأسد"),
    ],
)
def test_what_is_no_person(text: str, word: str) -> None:
    """Words that a tagger takes for names: adverbs, particles, adjectives, animals where the text is about them."""
    assert [] == [text for type_, text in found_in(text, {word: "B-PER"}, confidence=0.85) if type_ == "PERSON"]


@pytest.mark.parametrize("text", ["قال الأسد ذلك", "رفض الوزير الأسد القرار", "قال الأسد إن الغابة تحترق"])
def test_what_is_a_person_though_it_looks_otherwise(text: str) -> None:
    """«الأسد» is an animal in a text about animals alone."""
    assert ("PERSON", "الأسد") in found_in(text, {"الأسد": "B-PER"}, confidence=0.85)


def test_a_body_that_begins_like_a_person_is_one() -> None:
    """A given name opens no organisation's name that nothing announces."""
    labels = {"باربارا": "B-ORG", "بافلوفسكي": "I-ORG"}
    assert [("PERSON", "باربارا بافلوفسكي")] == found_in("اتصلت باربارا بافلوفسكي بزوجها", labels)
    assert [("ORGANIZATION", "باربارا بافلوفسكي")] == found_in("أعلنت شركة باربارا بافلوفسكي ذلك", labels)


def test_a_place_and_a_person_after_it_are_two() -> None:
    """A listed place that the tagger runs into a given name stands by itself."""
    labels = {"مقديشو": "B-LOC", "محمود": "I-LOC", "عبدي": "I-LOC"}
    assert ("LOCATION", "مقديشو") in found_in("وصل إلى مقديشو محمود عبدي أمس", labels, confidence=0.7)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("زار تيمبرلاند في النمسا", True),
        ("عاش ( تيمبرلاند 1887 - باريس 1950 ) كاتبا", True),
        ("تقع جنوب تيمبرلاند", True),
        ("زار تيمبرلاند في الصيف", False),
        ("أشهرهم ( تيمبرلاند وحده )", False),
    ],
)
def test_what_else_says_that_a_word_is_a_place(text: str, found: bool) -> None:
    """A listed place after في, a year in brackets, a direction before it."""
    assert found == (("LOCATION", "تيمبرلاند") in found_in(text, {"تيمبرلاند": "B-LOC"}, confidence=0.65))


def test_nationalities_in_a_row_are_no_persons() -> None:
    """«كندي» after «صيني» is Canadian, whatever its label; alone a sure tagger may know a person."""
    labels = {"وكندي": "B-PER", "ونمساوي": "B-PER", "كينيون": "B-PER"}
    expected = [("NATIONALITY", "صيني"), ("NATIONALITY", "كندي"), ("NATIONALITY", "نمساوي")]
    assert expected == found_in("وهم صيني وكندي ونمساوي", labels, confidence=0.95)
    assert [("PERSON", "كينيون")] == found_in("نقل عن كينيون قوله ذلك", labels, confidence=0.95)


def test_a_town_that_speaks_is_a_person() -> None:
    """A surname that is a town's name: the tagger is sure of it and a verb of speech stands before it."""
    assert [("PERSON", "الزعتري")] == found_in("قال الزعتري ذلك", {"الزعتري": "B-PER"}, confidence=0.94)
    assert [("LOCATION", "الزعتري")] == found_in("زار الزعتري أمس", {"الزعتري": "B-PER"}, confidence=0.94)


def test_a_place_after_an_institution_stands_for_itself() -> None:
    """«بالمنستير» tells where the faculty is; its joined purpose is part of it."""
    labels = {"كلية": "B-ORG", "العلوم": "I-ORG", "بالمنستير": "I-ORG"}
    expected = [("ORGANIZATION", "كلية العلوم"), ("LOCATION", "المنستير")]
    assert expected == found_in("درس في كلية العلوم بالمنستير", labels)
    labels = {"المركز": "B-ORG", "المحلي": "I-ORG", "للخياطة": "I-ORG"}
    assert [("ORGANIZATION", "المركز المحلي للخياطة والنسيج")] == found_in("زار المركز المحلي للخياطة والنسيج", labels)


def test_a_surname_is_the_person_of_its_full_name() -> None:
    """A surname alone takes the type and the entity of the fullest name, whatever its own label says."""
    text = "قال ميروسلاف بافلوفسكي ذلك، ثم عاد بافلوفسكي"
    first, second = mentions_in(text, {"ميروسلاف": "B-PER", "بافلوفسكي": "I-PER"})
    assert ("PERSON", "PERSON") == (first[2], second[2])
    assert first[3] == second[3]


@pytest.mark.parametrize(
    ("text", "confidence", "found"),
    [
        ("احتفلت تيمبرلاند أمس", 0.95, True),
        ("احتفلت تيمبرلاند أمس", 0.9, False),
        ("أطلق مشروع «تيمبرلاند» أمس", 0.95, False),
        ("أعلن سكان تيمبرلاند رفضهم", 0.6, True),
        ("دارت معركة تيمبرلاند فجرا", 0.6, True),
        ("أقام في تيمبرلاند سنة", 0.6, False),
        ("أقام في تيمبرلاند سنة", 0.8, True),
    ],
)
def test_an_unlisted_place_wants_a_sure_tagger_or_a_noun_before_it(text: str, confidence: float, found: bool) -> None:
    """One unknown word is a place where the tagger is very sure, or less so after words that announce one."""
    assert [("LOCATION", "تيمبرلاند")] * found == found_in(text, {"تيمبرلاند": "B-LOC"}, confidence)


def test_a_given_name_is_one_of_the_relatives() -> None:
    """Where two persons share a surname, a given name alone is the one who has it; without relatives it stays alone."""
    labels = {"رامي": "B-PER", "نزار": "B-PER", "الزهراوي": "I-PER"}
    rami, nizar, alone = "رامي الزهراوي", "نزار الزهراوي", "ثم سافر رامي"

    kin = mentions_in(f"وصل {rami} وغاب {nizar} {alone}", labels)
    single = mentions_in(f"وصل {rami} {alone}", labels)

    assert kin[0][3] == kin[2][3] != kin[1][3]
    assert single[0][3] != single[1][3]


def test_a_verb_before_a_name_is_no_part_of_it() -> None:
    """«فرد» and «وأكد» are cut off a person that the tagger begins with them."""
    text, labels = (
        "فرد الزهراوي وأكد البستاني",
        {"فرد": "B-PER", "الزهراوي": "I-PER", "وأكد": "B-PER", "البستاني": "I-PER"},
    )

    assert [("PERSON", "الزهراوي"), ("PERSON", "البستاني")] == found_in(text, labels)


def test_a_place_that_completes_an_office_is_no_holder() -> None:
    """«ملك تيمبرلاند» reigns over it; after «الملك» stands who he is."""
    labels = {"تيمبرلاند": "B-LOC"}
    assert ("LOCATION", "تيمبرلاند") in found_in("تقدم جيش ملك تيمبرلاند شمالا", labels)
    assert ("PERSON", "تيمبرلاند") in found_in("تقدم الملك تيمبرلاند شمالا", labels, confidence=0.95)


def test_definite_nouns_may_open_a_place() -> None:
    """«مدينة» is outside, «المدينة» before its adjective inside; alone it is no name."""
    labels = {"المدينة": "B-LOC", "الزمردية": "I-LOC"}
    assert [("LOCATION", "المدينة الزمردية")] == found_in("زار المدينة الزمردية وحده", labels)
    assert [] == found_in("زار ضواحي المدينة وحده", labels)
    labels = {"الولايات": "B-LOC", "الأمريكية": "I-LOC", "كلتا": "B-LOC"}
    assert [("NATIONALITY", "الأمريكية")] == found_in("جابت شوارع الولايات الأمريكية", labels)
    assert [] == found_in("رفض أهالي كلتا القريتين القرار", labels)


def test_a_ruler_keeps_the_ordinal() -> None:
    """An ordinal ends no name but a ruler's."""
    labels = {"تيمبرلاند": "B-PER", "الثالث": "I-PER"}
    assert [("PERSON", "تيمبرلاند الثالث")] == found_in("مات تيمبرلاند الثالث شابا", labels)
    labels = {"تيمبرلاند": "B-LOC", "الثالث": "I-LOC"}
    assert [("LOCATION", "تيمبرلاند")] == found_in("أقيم في تيمبرلاند الثالث مرة", labels)


def test_letters_before_a_known_acronym_belong_to_the_name() -> None:
    """«بي بي» alone is another firm."""
    labels = {"دي": "B-ORG", "جي": "I-ORG", "بي": "I-ORG"}
    assert [("ORGANIZATION", "دي جي بي بي")] == found_in("عملت شركة دي جي بي بي هناك", labels)


def test_a_ruler_is_named_without_the_ordinal_too() -> None:
    """It is one person with the ordinal and without; the ordinal alone is nobody."""
    text = "مات تيمبرلاند الأول شابا، وكان تيمبرلاند يسكن الطابق الأول"
    entities = entities_in(text, {"تيمبرلاند": "B-PER", "الأول": "I-PER"})
    assert [("تيمبرلاند الأول", 2)] == [(entity.name, len(entity.mentions)) for entity in entities]


def test_what_stands_in_a_title_is_no_name() -> None:
    """A book may be called after anything, named elsewhere or not."""
    text = "زار تيمبرلاند قبل أن يكتب رواية «أيام تيمبرلاند» هناك"
    assert [("LOCATION", "تيمبرلاند")] == found_in(text, {"تيمبرلاند": "B-LOC"}, confidence=0.95)


def test_an_unsure_row_links_only_where_the_text_names_its_country() -> None:
    """«مسقط» is a known word; the tagger says that it is a place, Oman says which."""
    labels = {"مسقط": "B-LOC"}
    alone = entities_in("وصل الوفد مسقط", labels)
    assert [(None, None)] == [(entity.wikidata, entity.country) for entity in alone]
    named = {entity.name: entity.wikidata for entity in entities_in("عاد من سلطنة عمان بعد أن زار مسقط", labels)}
    assert "Q3826" == named["مسقط"]


def test_spans_read_iob2() -> None:
    """Runs of I- belong to the B- before them; a type change opens a name; the confidence is the mean."""
    tags = [("B-PER", 0.8), ("I-PER", 1.0), ("O", 1.0), ("I-LOC", 0.7), ("B-ORG", 0.6), ("B-ORG", 0.6), ("B-MISC", 0.9)]
    expected = [
        (0, 2, "PERSON", 0.9),
        (3, 4, "LOCATION", 0.7),
        (4, 5, "ORGANIZATION", 0.6),
        (5, 6, "ORGANIZATION", 0.6),
    ]
    assert expected == [(first, last, type_, round(mean, 3)) for first, last, type_, mean in spans(tags)]


def test_offices_may_be_piled_up_without_end() -> None:
    """A text of nothing but heads is read in bounded depth."""
    assert [] == [e for e in entities_in("نائب " * 3000, {}) if e.type != "POSITION"]
