"""A tagger's persons through the entity extractor: where a name begins and ends, whose it is, what is none."""

import pytest

from tests.extractors.scripted import entities_in, found_in, mentions_in


def test_what_a_person_does_is_no_part_of_the_name() -> None:
    """A verbal noun after ب is cut off with what it governs; surnames that begin so are not."""
    labels = {"ميروسلاف": "B-PER", "بتأجير": "I-PER", "القاعدة": "I-PER", "باعتقال": "I-PER", "بترايوس": "I-PER"}
    assert [("PERSON", "ميروسلاف")] == found_in("رحب ميروسلاف بتأجير القاعدة", labels)
    assert [("PERSON", "ميروسلاف")] == found_in("أمر ميروسلاف باعتقال جاره", labels)
    assert [("PERSON", "ميروسلاف بترايوس")] == found_in("أمر ميروسلاف بترايوس بذلك", labels)


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


def test_a_place_and_a_person_after_it_are_two() -> None:
    """A listed place that the tagger runs into a given name stands by itself."""
    labels = {"مقديشو": "B-LOC", "محمود": "I-LOC", "عبدي": "I-LOC"}
    assert ("LOCATION", "مقديشو") in found_in("وصل إلى مقديشو محمود عبدي أمس", labels, confidence=0.7)


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


def test_a_surname_is_the_person_of_its_full_name() -> None:
    """A surname alone takes the type and the entity of the fullest name, whatever its own label says."""
    text = "قال ميروسلاف بافلوفسكي ذلك، ثم عاد بافلوفسكي"
    first, second = mentions_in(text, {"ميروسلاف": "B-PER", "بافلوفسكي": "I-PER"})
    assert ("PERSON", "PERSON") == (first[2], second[2])
    assert first[3] == second[3]


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


def test_a_ruler_keeps_the_ordinal() -> None:
    """An ordinal ends no name but a ruler's."""
    labels = {"تيمبرلاند": "B-PER", "الثالث": "I-PER"}
    assert [("PERSON", "تيمبرلاند الثالث")] == found_in("مات تيمبرلاند الثالث شابا", labels)
    labels = {"تيمبرلاند": "B-LOC", "الثالث": "I-LOC"}
    assert [("LOCATION", "تيمبرلاند")] == found_in("أقيم في تيمبرلاند الثالث مرة", labels)


def test_a_ruler_is_named_without_the_ordinal_too() -> None:
    """It is one person with the ordinal and without; the ordinal alone is nobody."""
    text = "مات تيمبرلاند الأول شابا، وكان تيمبرلاند يسكن الطابق الأول"
    entities = entities_in(text, {"تيمبرلاند": "B-PER", "الأول": "I-PER"})
    assert [("تيمبرلاند الأول", 2)] == [(entity.name, len(entity.mentions)) for entity in entities]
