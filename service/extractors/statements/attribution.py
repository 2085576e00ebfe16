"""Who says what: every cue with its frame, its speaker, and the content up to where it ends."""

from bisect import bisect_right, insort

from service.extractors.statements.cues import Cue
from service.extractors.statements.frames import Frame, find_frame
from service.extractors.statements.guards import (
    attributive,
    begins_clause,
    is_anonymous,
    is_denied,
    is_first_person,
    is_predicate,
    is_transitive_use,
)
from service.extractors.statements.nouns import gender, is_head, is_person, stems
from service.extractors.statements.page import Page
from service.extractors.statements.phrases import phrase, placed, skip_adverbials, speaker_phrase, with_apposition
from service.extractors.statements.report import Report
from service.extractors.statements.sources import Source, find_source
from service.extractors.statements.speakers import after_source, carry, name_speaker, own_word, subject_before

_AHEAD = 25  # tokens between a source and the comma after it
_LISTED = 2  # dashes in a list, as of a team
_OPENING = 4  # tokens before the colon of speech that goes on («ومرة أخرى: "…"»)
_PART = 6  # tokens of a clause that a source interrupts
_HEADLINE = 10  # tokens before the colon of a headline


def attribute(page: Page) -> list[Report]:
    """All reports of a document, in the order of their cues."""
    return _Attribution(page).run()


class _Attribution:
    """One pass over a document: what has been read so far, and where contents must end."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.reports: list[Report] = []
        self.ends: dict[int, list[int]] = {}  # by innermost quotation: tokens where a content before must end
        self.asides: dict[int, list[int]] = {}  # the same, for contents that are no clauses
        self.taken: set[int] = set()  # cues read with an earlier one

    def run(self) -> list[Report]:
        """Read the tokens from left to right, then close what was opened."""
        page, words = self.page, self.page.words
        at = 0
        while at < len(page.folded):
            word = page.folded[at]
            source = find_source(page, at)
            if source is not None:
                self.read_source(source)
                at = source.cue_last
                continue
            if at in page.cues and at not in self.taken:
                self.read_cue(page.cues[at])
            elif word == ":":
                self.read_colon(at)
            elif word in words.impersonal and at and page.folded[at - 1].endswith("من"):
                self.read_impersonal(at)
            elif word == "هذا" and page.folded[at + 1 : at + 2] == ("،",):
                self.end_before(at)
            elif at and page.folded[at - 1] == "،":
                self.read_aside(at)
            at += 1
        following: Report | None = None
        for report in reversed(self.reports):
            if report.pending and following and page.sentence[following.at] == page.sentence[report.at]:
                report.speaker, report.pending = following.speaker, following.pending
            following = report
            self.close(report)
        return [report for report in self.reports if not report.pending]

    def read_aside(self, at: int) -> None:
        """What the narrator adds after a comma ends a content: any content, or one that is no clause."""
        page, words = self.page, self.page.words
        word = page.folded[at]
        if word in words.breaks or word in words.publishes or self.is_narrated(at):
            self.end_before(at)
        elif word in words.asides or word.removeprefix("ل") in words.asides:
            insort(self.asides.setdefault(page.inside[at], []), at)

    def is_narrated(self, at: int) -> bool:
        """Whether «، وألقت» follows clauses with «وأن»: had it been said, it would have one too."""
        page = self.page
        word = page.folded[at]
        if not (word.startswith("و") and word.endswith("ت") and len(word) > 4 and not word.endswith("ات")):
            return False
        floor = max(page.floor(at), at - 2 * _AHEAD)
        return bool(self.reports) and "وان" in page.folded[max(self.reports[-1].first, floor) : at]

    def read_cue(self, cue: Cue) -> None:
        """A verb, participle or noun with what it governs."""
        page = self.page
        name = page.covering.get(cue.index)
        if name is not None and name.entity.type == "PERSON" and name.first < cue.index and cue.form.finite:
            return
        guards = (is_denied, is_first_person, is_predicate, is_transitive_use)
        if any(guard(page, cue) for guard in guards) or is_anonymous(page, cue.index):
            return
        lead = attributive(page, cue)
        frame = find_frame(page, cue) if lead is None or page.folded[lead].endswith("كما") else None
        if frame is None:
            if lead is not None:
                source = self.as_source(cue, lead)
                if page.folded[lead] != "كما" or self.stands_alone(source.last):
                    self.read_source(source)
            elif cue.form.finite:
                self.read_postposed(cue)
            return
        if cue.form.verb.common and cue.form.finite and not self.is_verb(cue):
            return
        if page.folded[frame.first - 1] == "عن" and is_person(page, frame.first):
            return  # «تحدث عن س» says nothing
        if cue.form.mood == "noun" and self.is_occasion(cue.index) and not page.is_that(frame.first - 1):
            return  # «في تصريح لإذاعة كذا بالعاصمة»
        report = Report((cue.start, cue.end), self.act(cue, frame), frame.first, frame.start, cue.index)
        report.last, report.direct = frame.last, frame.direct
        report.gender, report.many = cue.form.gender, cue.form.many
        report.subordinate = cue.form.mood == "noun" and cue.index <= page.floor(cue.index) + 1
        if cue.form.mood == "participle" and self.reports and self.reports[-1].first == report.first:
            return  # «تابع س قائلا: …» is said once
        if not name_speaker(page, self.reports, report, cue, frame):
            return
        if cue.form.verb.expresses and not page.is_that(frame.first - 1):
            self.read_expressed(report, cue)
        described = page.cues.get(frame.first) if "described" in cue.form.verb.takes else None
        if described is not None and described.form.mood == "noun":
            self.taken.add(frame.first)  # «وصف تصريحاته بكذا»
        own = own_word(page, frame.limit) if cue.form.verb.source else None
        if own is not None:
            report.cue = (own.start, own.end)
            self.taken.add(own.index)
        self.reports.append(report)
        fronted = report.speaker is not None and not report.carried and report.speaker.first < cue.index
        begin = report.speaker.first if fronted and report.speaker else cue.index
        linked = begin > 0 and (page.folded[begin - 1] in page.words.links or page.folded[begin - 1] == "،")
        if linked or cue.joined or cue.form.mood == "participle":
            self.end_before(self.clause_start(begin))
        elif len(self.reports) > 1:
            report.nested = self.reports[-2].first <= begin and self.reports[-2].at >= page.floor(cue.index)

    def is_occasion(self, at: int) -> bool:
        """Whether a noun says where something was said."""
        return at > 0 and self.page.folded[at - 1] == "في" and self.page.folded[at] in self.page.words.occasions

    def read_expressed(self, report: Report, cue: Cue) -> None:
        """«أعرب عن ترحيبه بكذا» is said once; of «جدد دعوته إلى كذا» the noun is the cue."""
        noun = self.page.cues.get(report.first)
        if noun is None or noun.form.finite:
            return
        self.taken.add(noun.index)
        frame = find_frame(self.page, noun) if "attitude" in cue.form.verb.takes else None
        if frame is not None:
            report.cue, report.act = (noun.start, noun.end), noun.form.verb.act
            report.first, report.start, report.last, report.direct = frame.first, frame.start, frame.last, frame.direct

    def is_verb(self, cue: Cue) -> bool:
        """Whether a form that is an everyday word too stands as a verb: where a clause begins, or after its subject."""
        page = self.page
        preposition = page.folded[cue.index] in page.words.prepositions
        return begins_clause(page, cue) or not (preposition or subject_before(page, cue) is None)

    def read_source(self, source: Source) -> None:
        """«بحسب س»: it speaks what follows it at the head of a sentence, else what stands before it."""
        page = self.page
        floor, start = page.floor(source.first), self.clause_start(source.first)
        if self.reports and self.reports[-1].at < source.first < self.reports[-1].first:
            return  # «نوه س، وفق بلاغ، بكذا»: it stands inside another report
        report = Report(source.cue, "asserts", 0, 0, source.first, speaker=source.speaker)
        report.gender = gender(page, source.speaker.first) if source.speaker else ""
        if source.speaker is None:
            if self.reports and self.reports[-1].at >= floor:
                self.end_before(start)  # «قال …، على حد تعبيره»: said already
                return
            carry(page, self.reports, report)
        if start <= floor or page.folded[start - 1].removeprefix("و") in page.words.leaders:
            first = self.after_lead(source.last)
            if first is None or page.is_punctuation(first):
                if not start or not self.say_again(report, start):
                    return
            else:
                report.first, report.start = first, page.doc.tokens[first].start
        else:
            first = self.before_lead(start)
            report.first, report.start = first, self.bare_start(first)
            interrupts = start - first < _PART and page.folded[source.last : source.last + 1] == ("،",)
            if not interrupts:
                report.last = start
                self.end_before(start)
        self.reports.append(report)

    def stands_alone(self, at: int) -> bool:
        """Whether nothing but adverbials lies between a token and the next mark: «كما قال س أمس، »."""
        page = self.page
        end = page.sentence_end(at - 1)
        last = skip_adverbials(page, at, end)
        return last == end or page.is_punctuation(last) or page.folded[last - 1] == "،"

    def say_again(self, report: Report, start: int) -> bool:
        """«…. وذلك وفق ما أفادت به س.»: a source alone speaks the sentence before."""
        page = self.page
        before = page.doc.sentences[page.sentence[start - 1]]
        report.first, report.start, report.last = before.first, self.bare_start(before.first), before.last
        return page.sentence[start - 1] != page.sentence[start]

    def as_source(self, cue: Cue, lead: int) -> Source:
        """«حسب ما أفاد به س»: a verb that works as a source phrase."""
        page = self.page
        end = min(page.sentence_end(cue.index), cue.index + _AHEAD)
        first = skip_adverbials(page, cue.index + 1, end)
        last = phrase(page, first, end, strict=False)
        last = with_apposition(page, last, end) if last > first and page.folded[first] in page.words.titles else last
        before = page.folded[lead - 1] if lead else ""
        begin = lead - 1 if {before, before.removeprefix("و")} & page.words.according_heads else lead
        speaker = placed(page, first, last) if last > first else None
        if cue.form.verb.source:
            speaker = after_source(page, cue, end)
        return Source(begin, (cue.start, cue.end), cue.index + 1, speaker, max(last, cue.index + 1))

    def after_lead(self, at: int) -> int | None:
        """Where the clause after «بحسب س، » begins."""
        page = self.page
        end = min(page.sentence_end(at - 1), at + _AHEAD)
        first = next((index for index in range(at, end) if self.is_hinge(index)), at)
        while first < end and self.is_hinge(first):
            first += 1
        return first if first < page.sentence_end(at - 1) else None

    def is_hinge(self, at: int) -> bool:
        """Whether a token parts «بحسب س» from what follows: a comma, «فإن», «فقد»."""
        word = self.page.folded[at]
        return word == "،" or (
            word.startswith("ف") and (self.page.is_that(at) or word[1:] in self.page.words.past_only)
        )

    def before_lead(self, end: int) -> int:
        """Where the clause before «، بحسب س» begins: the sentence, past an opening «في المقابل، »."""
        page = self.page
        first = page.floor(end - 1)
        last = skip_adverbials(page, first, min(end, first + _AHEAD))
        return last if first < last < end and page.folded[last - 1] == "،" else first

    def bare_start(self, at: int) -> int:
        """Where a token starts without the و that joins it to what came before."""
        cue = self.page.cues.get(at)
        return cue.start if cue is not None else placed(self.page, at, at + 1).start

    def read_postposed(self, cue: Cue) -> None:
        """«"…"، قال س»."""
        page = self.page
        at = cue.index - 1
        while at >= 0 and page.folded[at] in {"،", "هكذا"}:
            at -= 1
        if at < 0 or not page.closes(at) or at - page.partner[at] < 3 or not {"أن", "quote"} & set(cue.form.verb.takes):
            return
        first = page.partner[at] + 1
        if self.reports and self.reports[-1].direct and self.reports[-1].first == first:
            return
        speaker = speaker_phrase(page, cue.index + 1, page.sentence_end(cue.index))
        report = Report((cue.start, cue.end), cue.form.verb.act, first, page.doc.tokens[first].start, cue.index)
        report.last, report.direct, report.speaker, report.gender = at, True, speaker, cue.form.gender
        if speaker is not None or carry(page, self.reports, report):
            self.reports.append(report)

    def read_colon(self, at: int) -> None:
        """A headline: «س: …»; or speech after a bare colon, by whoever spoke last."""
        page = self.page
        first, end = page.sentence_start(at), page.sentence_end(at)
        listed = page.folded[at:end].count("-") > _LISTED
        if listed or page.inside[at] >= 0 or at + 3 > end or (self.reports and self.reports[-1].at >= first):
            return
        quoted = page.opens(at + 1)
        content = at + 1 + quoted
        last = page.partner[at + 1] if quoted else end
        report = Report(None, "asserts", content, page.doc.tokens[content].start, at, last, direct=True)
        end = self.title_end(first, at) if at - first <= _HEADLINE and is_head(page, first) else first
        if end > first:
            mention = page.named.get(first + page.opens(first))
            speaks = mention is not None and mention.entity.type != "NATIONALITY"
            if speaks or page.folded[first] in page.words.titles or page.folded[first] in page.words.sources:
                report.speaker, report.gender = placed(page, first, end), gender(page, first)
                self.reports.append(report)
        elif quoted and at - first <= _OPENING and self.reports and carry(page, self.reports, report):
            self.reports.append(report)

    def title_end(self, first: int, colon: int) -> int:
        """The end of the one phrase, perhaps with its place or whom it told, before a colon; `first` if there is more.

        «وزارة الصحة بغزة: …», «مصدر لـ"الأنباء": …».
        """
        page = self.page
        last = phrase(page, first, colon, strict=False)
        if last == colon or (last == colon - 1 and page.folded[last].startswith("ب")):
            return colon
        to = page.folded[last] if first < last < colon else ""
        if to == "ل" and (last + 2 == colon or (page.opens(last + 1) and page.partner[last + 1] + 1 == colon)):
            return last
        mention = page.named.get(last)
        whom = mention is not None and mention.last == colon and mention.entity.type == "ORGANIZATION"
        return last if to.startswith("ل") and (whom or (last + 1 == colon and to[1:].isascii())) else first

    def read_impersonal(self, at: int) -> None:
        """«من المتوقع أن»: expected by nobody in particular."""
        page = self.page
        first = at + 2
        if first < page.sentence_end(at) and page.folded[at + 1] in page.words.complementisers:
            token = page.doc.tokens[at]
            self.reports.append(Report((token.start, token.end), "expects", first, page.doc.tokens[first].start, at))

    def close(self, report: Report) -> None:
        """Find where a content ends, unless its quotation said so: its sentence, or what begins after it."""
        page = self.page
        if report.last is None:
            opener = page.inside[report.first]
            end = page.sentence_end(report.first)
            while end < len(page.folded) and page.inside[end] not in {opener, -1} and page.inside[end] > report.first:
                end = page.sentence_end(page.partner[page.inside[end]] - 1)
            if opener >= 0:
                end = min(end, page.partner[opener])
            if report.subordinate:
                end = next((at for at in range(report.first, end) if page.folded[at] == "،"), end)
            tables = [self.ends] if page.is_that(report.first - 1) else [self.ends, self.asides]
            for ends in (table.get(opener, []) for table in tables):
                following = bisect_right(ends, report.first)
                end = min([end, *ends[following : following + 1]])
            report.last = end
        report.last = self.trim(report.first, report.last)

    def trim(self, first: int, last: int) -> int:
        """Drop punctuation and dangling links from the end of a content; a question mark or a whole quotation stays."""
        page = self.page
        while last > first + 1:
            word = page.folded[last - 1]
            paired = page.closes(last - 1) and page.partner[last - 1] >= first
            if (page.is_punctuation(last - 1) and word not in "؟!%)]…" and not paired) or word in page.words.links:
                last -= 1
            else:
                break
        return last

    def end_before(self, at: int) -> None:
        """Let contents at this level of quotation end before a token."""
        insort(self.ends.setdefault(self.page.inside[at], []), at)

    def clause_start(self, at: int) -> int:
        """Back over «كما», «فيما», «من جهته، » to where the clause of a token begins."""
        page = self.page
        while at and page.folded[at - 1] in page.words.links:
            at -= 1
        return at

    def act(self, cue: Cue, frame: Frame) -> str:
        """The act of a verb; «أعرب عن» has that of what is expressed."""
        words, verb = self.page.words, cue.form.verb
        if not verb.expresses:
            return verb.act
        forms = stems(self.page.folded[frame.first])
        for act, nouns in (
            ("supports", words.acts_supports),
            ("condemns", words.acts_condemns),
            ("expects", words.acts_expects),
            ("demands", words.acts_demands),
            ("promises", words.acts_promises),
        ):
            if not nouns.isdisjoint(forms):
                return act
        return verb.act
