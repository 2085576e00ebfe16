"""What the shape of a word tells, where no dictionary does: number, gender, definiteness. Words are folded."""

import re

# Broken plurals by pattern, folded, without the article: أفعال، فعول، فعال، مفاعل، مفاعيل، فواعل، فعائل، فعلاء، فعلى.
_BROKEN = re.compile(r"ا..ا.|..و.|..ا.|م.ا..|م.ا.ي.|.وا..|.وا.ي.|..اء.|..ا.ي.|...اء|...ي|ا...ه|...ان")
_SURELY_BROKEN = re.compile(r"..و.|ا..ا.|م.ا..|م.ا.ي.|.وا..|..اء.")
_SOUND_PLURAL = ("ات", "ين", "ون")
_PRONOUNS = ("هم", "هن", "هما", "ها", "كم")


def without_article(word: str) -> str:
    """The word without «ال», or «ل» where an article merged («لل» cut after its first lam)."""
    return word[2:] if word.startswith("ال") and len(word) > 3 else word


def is_definite(word: str) -> bool:
    """Whether it has the article (every ال- of four letters or more passes for one)."""
    return word.startswith("ال") and len(word) > 3


def has_pronoun(word: str) -> bool:
    """Whether it ends like a word with a possessive or object pronoun."""
    return len(word) > 4 and word.endswith(_PRONOUNS)


def has_tanween(word: str) -> bool:
    """Whether it ends in the alef of an indefinite accusative («شخصا»), not in that of «ضحايا»."""
    return len(word) > 3 and word.endswith("ا") and not word.endswith(("ايا", "يا"))


def is_plural(word: str) -> bool:
    """Whether it looks plural, sound or broken."""
    bare = without_article(word)
    return (len(bare) > 4 and bare.endswith(_SOUND_PLURAL)) or _BROKEN.fullmatch(bare) is not None


def is_broken_plural(word: str) -> bool:
    """Whether it has a shape that hardly any singular has: فعول، أفعال، مفاعل، فواعل."""
    return _SURELY_BROKEN.fullmatch(without_article(word)) is not None


def singular_stem(word: str) -> str:
    """An adjective without article and endings of gender, case and number («الكويتية» → «كويتي»)."""
    bare = without_article(word)
    for ending in ("يين", "يون", "يتين", "يتان", "يان"):
        if bare.endswith(ending) and len(bare) > len(ending) + 2:
            return bare[: -len(ending)] + "ي"
    if bare.endswith(("يه", "يا")) and len(bare) > 4:
        return bare[:-1]
    return bare


def duals(form: str) -> tuple[str, ...]:
    """The dual forms of a noun or of a noun and its adjective, in natural spelling."""
    stems = [word[:-1] + "ت" if word.endswith("ة") else word for word in form.split(" ")]
    return tuple(" ".join(stem + ending for stem in stems) for ending in ("ان", "ين"))
