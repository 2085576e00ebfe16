"""A tagger's labels through the entity extractor: spans cut from proclitics, types, agreement, what is left out."""

from collections.abc import Mapping

import pytest

from service.extractors.entities.decode import spans
from tests.extractors.scripted import entities_in, found_in


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


def test_a_body_that_begins_like_a_person_is_one() -> None:
    """A given name opens no organisation's name that nothing announces."""
    labels = {"باربارا": "B-ORG", "بافلوفسكي": "I-ORG"}
    assert [("PERSON", "باربارا بافلوفسكي")] == found_in("اتصلت باربارا بافلوفسكي بزوجها", labels)
    assert [("ORGANIZATION", "باربارا بافلوفسكي")] == found_in("أعلنت شركة باربارا بافلوفسكي ذلك", labels)


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


def test_a_place_after_an_institution_stands_for_itself() -> None:
    """«بالمنستير» tells where the faculty is; its joined purpose is part of it."""
    labels = {"كلية": "B-ORG", "العلوم": "I-ORG", "بالمنستير": "I-ORG"}
    expected = [("ORGANIZATION", "كلية العلوم"), ("LOCATION", "المنستير")]
    assert expected == found_in("درس في كلية العلوم بالمنستير", labels)
    labels = {"المركز": "B-ORG", "المحلي": "I-ORG", "للخياطة": "I-ORG"}
    assert [("ORGANIZATION", "المركز المحلي للخياطة والنسيج")] == found_in("زار المركز المحلي للخياطة والنسيج", labels)


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


def test_definite_nouns_may_open_a_place() -> None:
    """«مدينة» is outside, «المدينة» before its adjective inside; alone it is no name."""
    labels = {"المدينة": "B-LOC", "الزمردية": "I-LOC"}
    assert [("LOCATION", "المدينة الزمردية")] == found_in("زار المدينة الزمردية وحده", labels)
    assert [] == found_in("زار ضواحي المدينة وحده", labels)
    labels = {"الولايات": "B-LOC", "الأمريكية": "I-LOC", "كلتا": "B-LOC"}
    assert [("NATIONALITY", "الأمريكية")] == found_in("جابت شوارع الولايات الأمريكية", labels)
    assert [] == found_in("رفض أهالي كلتا القريتين القرار", labels)


def test_letters_before_a_known_acronym_belong_to_the_name() -> None:
    """«بي بي» alone is another firm."""
    labels = {"دي": "B-ORG", "جي": "I-ORG", "بي": "I-ORG"}
    assert [("ORGANIZATION", "دي جي بي بي")] == found_in("عملت شركة دي جي بي بي هناك", labels)


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
