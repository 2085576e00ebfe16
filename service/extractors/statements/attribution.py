"""Who says what: every cue with its frame, its speaker, and the content up to where it ends."""

from bisect import bisect_right

from msgspec import Struct

from service.extractors.statements.cues import Cue
from service.extractors.statements.frames import Frame, find_frame
from service.extractors.statements.page import Page
from service.extractors.statements.phrases import (
    Phrase,
    gender,
    is_head,
    phrase,
    placed,
    skip_adverbials,
    speaker_phrase,
    stems,
)
from service.extractors.statements.sources import Source, find_source

_BACK = 25  # tokens that are looked at before a verb
_NEAR = 2  # sentences over which a speaker that agrees is carried
_HEADLINE = 10  # tokens before the colon of a headline
_DAMMA = "\u064f"


class Report(Struct):
    """One statement in the making: token ranges, `last` exclusive."""

    cue: tuple[int, int] | None  # view offsets
    act: str
    first: int
    start: int  # view offset of the content
    at: int  # where it stands in the text
    last: int | None = None
    direct: bool = False
    speaker: Phrase | None = None
    pending: bool = False  # the speaker is named later in the sentence
    gender: str = ""
    many: bool = False


def attribute(page: Page) -> list[Report]:
    """All reports of a document, in the order of their cues."""
    return _Attribution(page).run()


class _Attribution:
    """One pass over a document: what has been read so far, and where contents must end."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.reports: list[Report] = []
        self.ends: dict[int, list[int]] = {}  # by innermost quotation: tokens where a content before must end
        self.taken: set[int] = set()  # cues read with an earlier one

    def run(self) -> list[Report]:
        page = self.page
        at = 0
        while at < len(page.folded):
            source = find_source(page, at) if at not in self.taken else None
            cue = page.cues.get(at)
            if source is not None:
                self.read_source(source)
                at = max(at + 1, source.cue_last)
                continue
            if cue is not None and at not in self.taken:
                self.read_cue(cue)
            elif page.folded[at] == ":":
                self.read_colon(at)
            elif page.folded[at] in page.words.impersonal and page.folded[at - 1].endswith("من"):
                self.read_impersonal(at)
            elif page.folded[at] in page.words.breaks and at and page.folded[at - 1] == "،":
                self.end_before(at)
            at += 1
        for report in self.reports:
            self.close(report)
        return [report for report in self.reports if report.last is None or report.last > report.first]

    def read_cue(self, cue: Cue) -> None:
        """A verb, participle or noun with what it governs."""
        page = self.page
        if self.is_denied(cue):
            return
        lead = self.attributive(cue)
        frame = find_frame(page, cue) if lead is None or page.folded[lead].endswith("كما") else None
        if frame is None:
            if lead is not None:
                self.read_source(self.as_source(cue, lead))
            elif cue.form.finite:
                self.read_postposed(cue)
            return
        if cue.form.verb.common and not self.begins_clause(cue):
            return
        report = Report((cue.start, cue.end), self.act(cue, frame), frame.first, frame.start, cue.index)
        report.last, report.direct = frame.last, frame.direct
        report.gender, report.many = cue.form.gender, cue.form.many
        if not self.name_speaker(report, cue, frame):
            return
        self.reports.append(report)
        begins = cue.joined or cue.form.mood == "participle" or page.folded[cue.index - 1] in page.words.links
        before = self.subject_before(cue)
        subject = before.first if before is not None and before == report.speaker else cue.index
        if begins or (subject and page.folded[subject - 1] == "،"):
            self.end_before(self.clause_start(subject))

    def name_speaker(self, report: Report, cue: Cue, frame: Frame) -> bool:
        """Give a report its speaker; False where the cue turns out to report nothing."""
        page, form = self.page, cue.form
        if form.verb.impersonal or self.is_passive(cue):
            return True
        if form.verb.source:
            return self.name_source(report, cue, frame)
        before = self.subject_before(cue)
        if form.mood == "participle":
            report.speaker = self.carry(report, cue.index)
            report.pending = report.speaker is None
        elif form.mood == "noun":
            if form.pronoun:
                report.speaker = self.antecedent(report, cue.index) or self.carry(report, cue.index)
            else:
                end = phrase(page, cue.index + 1, frame.limit, strict=False)
                if end == cue.index + 1 or skip_adverbials(page, end, frame.limit) < frame.limit:
                    return False
                report.speaker = placed(page, cue.index + 1, end)
                report.gender = gender(page, cue.index + 1)
            return report.speaker is not None
        elif frame.speaker is not None:
            report.speaker = placed(page, *frame.speaker)
        elif form.many or frame.object_only:
            report.speaker = before or self.carry(report, cue.index)
        elif form.verb.addressee:
            report.speaker = self.split(cue, frame, before) or before or self.carry(report, cue.index)
        else:
            named = speaker_phrase(page, cue.index + 1, frame.limit)
            report.speaker = named or before or self.published(cue) or self.carry(report, cue.index)
        return True

    def split(self, cue: Cue, frame: Frame, before: Phrase | None) -> Phrase | None:
        """The speaker of a verb that also has somebody addressed: the first of two phrases, or the only one."""
        page = self.page
        first = skip_adverbials(page, cue.index + 1, frame.limit)
        last = phrase(page, first, frame.limit)
        if last <= first:
            return None
        if cue.form.pronoun or skip_adverbials(page, last, frame.limit) < frame.limit:
            return placed(page, first, last)
        kind = gender(page, first)
        wrong = bool(kind and cue.form.gender and kind != cue.form.gender)
        if (
            before is not None
            or wrong
            or page.folded[first] in page.words.addressed
            or page.folded[first].endswith("ين")
        ):
            return None
        return placed(page, first, last)

    def name_source(self, report: Report, cue: Cue, frame: Frame) -> bool:
        """«نقلت س عن ص [قوله] إن» and «جاء في بيان س أن»: the speaker stands after the preposition."""
        page, limit = self.page, frame.limit
        own = page.cues.get(limit - 1)
        if own is not None and own.form.mood == "noun" and own.form.pronoun:
            self.taken.add(own.index)
            report.cue = (own.start, own.end)
            limit = own.index
        for at in range(cue.index + 1, limit):
            if page.folded[at] == cue.form.verb.source and at + 1 < limit:
                end = phrase(page, at + 1, limit, strict=False)
                if end > at + 1:
                    report.speaker = placed(page, at + 1, end)
                    report.gender = gender(page, at + 1)
                    return True
        report.speaker = self.published(cue)
        return report.speaker is not None

    def subject_before(self, cue: Cue) -> Phrase | None:
        """The subject of noun-first order, or the noun that «الذي» points to."""
        page, words = self.page, self.page.words
        end = cue.index
        if cue.joined and end and page.folded[end - 1] not in words.relatives:
            return self.topic(cue)
        while end and page.folded[end - 1] in words.auxiliaries:
            end -= 1
        stop = max(self.floor(cue.index), end - _BACK)
        relative = end > stop and page.folded[end - 1] in words.relatives
        if relative:
            end -= 1
            end -= end > stop and page.folded[end - 1] == "،"
        start = end
        while start > stop and not self.is_clause_edge(start - 1, relative):
            start -= 1
        for first in range(start, end):
            if page.folded[first] in words.leaders:
                continue
            bare = page.folded[first][1:] if page.folded[first][0] in "وف" else ""
            joined = bare in words.titles or bare in words.sources or bare in words.leaders
            if bare in words.leaders:
                continue
            if not joined and not is_head(page, first):
                if relative:
                    continue
                return None
            if phrase(page, first, end, strict=relative) == end:
                return placed(page, first, end)
            if not relative:
                last = phrase(page, first, end, strict=False)
                return placed(page, first, last) if last > first and skip_adverbials(page, last, end) == end else None
        return None

    def topic(self, cue: Cue) -> Phrase | None:
        """«أما س فقال»: the subject that أما puts first."""
        page = self.page
        stop = max(self.floor(cue.index), cue.index - _BACK)
        for at in range(cue.index - 1, stop - 1, -1):
            if page.folded[at].removeprefix("و") == "اما":
                last = phrase(page, at + 1, cue.index, strict=False)
                return placed(page, at + 1, last) if last > at + 1 else None
        return None

    def published(self, cue: Cue) -> Phrase | None:
        """«نشرت س تقريرا يفيد بأن»: who published the document that speaks."""
        page, words = self.page, self.page.words
        for at in range(cue.index - 1, max(self.floor(cue.index), cue.index - _BACK) - 1, -1):
            if page.folded[at] in words.documents:
                for verb in range(at - 1, max(self.floor(cue.index), at - _BACK) - 1, -1):
                    if page.folded[verb].removeprefix("و") in words.publishes:
                        last = phrase(page, verb + 1, at, strict=False)
                        return placed(page, verb + 1, last) if last > verb + 1 else None
        return None

    def antecedent(self, report: Report, index: int) -> Phrase | None:
        """The nearest phrase before a token in its sentence that can be the subject of what points back."""
        page = self.page
        for at in range(index - 1, max(self.floor(index), index - _BACK) - 1, -1):
            mention = page.named.get(at)
            speaks = page.folded[at] in page.words.titles or page.folded[at] in page.words.sources
            if mention is not None:
                speaks = mention.entity.type in {"PERSON", "ORGANIZATION", "POSITION"}
            if not speaks or (gender(page, at) and report.gender and gender(page, at) != report.gender):
                continue
            first = at
            for earlier in range(at - 1, max(self.floor(index), at - 4) - 1, -1):
                if is_head(page, earlier) and phrase(page, earlier, index) > at:
                    first = earlier
            return placed(page, first, phrase(page, first, index))
        return None

    def carry(self, report: Report, index: int) -> Phrase | None:
        """The speaker of the statement before, one that agrees if it is near; else what the sentence itself offers."""
        page = self.page
        here = page.sentence[index]
        known = [one for one in self.reports[-6:] if one.speaker is not None]
        for one in reversed(known):
            if report.cue is not None and here == page.sentence[one.at] and one.at < index:
                return one.speaker
        if not report.many and page.cues.get(index) is not None and not page.cues[index].joined:
            own = self.antecedent(report, index)
            if own is not None:
                return own
        for one in reversed(known):
            agrees = not one.gender or not report.gender or one.gender == report.gender
            if agrees and here - page.sentence[one.at] <= _NEAR:
                return one.speaker
        return known[-1].speaker if known else None

    def read_source(self, source: Source) -> None:
        """«بحسب س»: what follows it at the head of a sentence, else what stands before it."""
        page = self.page
        floor = self.floor(source.first)
        start = self.clause_start(source.first)
        report = Report(source.cue, "asserts", 0, 0, source.first, speaker=source.speaker)
        report.gender = gender(page, source.speaker.first) if source.speaker else ""
        if source.speaker is None:
            report.speaker = self.carry(report, source.first)
            if any(one.at >= floor for one in self.reports):
                self.end_before(start)
                return
        if start <= floor or page.folded[start - 1].removeprefix("و") in page.words.leaders:
            first = self.after_lead(source.last)
            if first is None:
                return
            report.first, report.start = first, page.doc.tokens[first].start
        else:
            first = self.before_lead(start)
            report.first, report.start, report.last = first, self.bare_start(first), self.trim(first, start)
            self.end_before(start)
        self.reports.append(report)

    def after_lead(self, at: int) -> int | None:
        """Where the clause after «بحسب س، » begins."""
        page = self.page
        end = min(page.sentence_end(at - 1), at + _BACK)
        for index in range(at, end):
            if page.folded[index] in {"فان", "فانه", "فانها", "فقد", "،"}:
                index += 1
                while index < end and page.folded[index] in {"فان", "فانه", "فانها", "فقد"}:
                    index += 1
                return index if index < page.sentence_end(at - 1) else None
        return at if at < end else None

    def before_lead(self, end: int) -> int:
        """Where the clause before «، بحسب س» begins: the sentence, past an opening «في المقابل، »."""
        page = self.page
        first = self.floor(end - 1)
        last = skip_adverbials(page, first, end)
        return last if last > first and page.folded[last - 1] == "،" and last < end else first

    def bare_start(self, at: int) -> int:
        """Where a token starts without the و that joins it to what came before."""
        cue = self.page.cues.get(at)
        return cue.start if cue is not None else placed(self.page, at, at + 1).start

    def as_source(self, cue: Cue, lead: int) -> Source:
        """«حسب ما أفاد به س»: a verb that works as a source phrase."""
        page = self.page
        end = min(page.sentence_end(cue.index), cue.index + _BACK)
        first = skip_adverbials(page, cue.index + 1, end)
        last = phrase(page, first, end, strict=False)
        speaker = placed(page, first, last) if last > first else None
        before = page.folded[lead - 1] if lead else ""
        begin = lead - 1 if {before, before.removeprefix("و")} & page.words.according_heads else lead
        return Source(begin, (cue.start, cue.end), cue.index + 1, speaker, max(last, cue.index + 1))

    def read_postposed(self, cue: Cue) -> None:
        """«"…"، قال س»."""
        page = self.page
        at = cue.index - 1
        while at >= 0 and (page.folded[at] in {"،", "هكذا"}):
            at -= 1
        if at < 0 or not page.closes(at) or at - page.partner[at] < 3 or not {"أن", "quote"} & set(cue.form.verb.takes):
            return
        opener = page.partner[at]
        if any(one.direct and one.first == opener + 1 for one in self.reports):
            return
        speaker = speaker_phrase(page, cue.index + 1, page.sentence_end(cue.index))
        report = Report(
            (cue.start, cue.end), cue.form.verb.act, opener + 1, page.doc.tokens[opener + 1].start, cue.index
        )
        report.last, report.direct, report.speaker, report.gender = at, True, speaker, cue.form.gender
        if speaker is None:
            report.speaker = self.carry(report, cue.index)
        self.reports.append(report)

    def read_colon(self, at: int) -> None:
        """A headline: «س: …»; or speech after a bare colon, by whoever spoke last."""
        page = self.page
        first = page.sentence_start(at)
        end = page.sentence_end(at)
        if page.inside[at] >= 0 or at + 3 > end or any(one.at >= first for one in self.reports):
            return
        quoted = page.opens(at + 1)
        content = at + 1 + quoted
        last = page.partner[at + 1] if quoted else end
        report = Report(None, "asserts", content, page.doc.tokens[content].start, at, last, direct=True)
        if at - first <= _HEADLINE and is_head(page, first) and phrase(page, first, at, strict=False) == at:
            mention = page.named.get(first)
            speaks = mention is not None and mention.entity.type != "NATIONALITY"
            if speaks or page.folded[first] in page.words.titles or page.folded[first] in page.words.sources:
                report.speaker, report.gender = placed(page, first, at), gender(page, first)
                self.reports.append(report)
        elif quoted and last - content > _HEADLINE and self.reports:
            report.speaker = self.carry(report, at)
            self.reports.append(report)

    def read_impersonal(self, at: int) -> None:
        """«من المتوقع أن»: expected by nobody in particular."""
        page = self.page
        after = at + 1
        if after + 1 < page.sentence_end(at) and page.folded[after] in page.words.complementisers:
            token = page.doc.tokens[at]
            self.reports.append(
                Report((token.start, token.end), "expects", after + 1, page.doc.tokens[after + 1].start, at)
            )

    def close(self, report: Report) -> None:
        """Find where a content ends, unless its quotation said so: its sentence, or what begins after it."""
        page = self.page
        if report.last is None:
            opener = page.inside[report.first]
            end = page.sentence_end(report.first)
            while end < len(page.folded) and page.inside[end - 1] not in {opener, -1} and page.inside[end] != opener:
                end = page.sentence_end(end)
            if opener >= 0:
                end = min(end, page.partner[opener])
            ends = self.ends.get(opener, [])
            following = bisect_right(ends, report.first)
            report.last = min(end, ends[following]) if following < len(ends) else end
        report.last = self.trim(report.first, report.last)
        if report.pending:
            near = [one for one in self.reports if one.speaker and one.at > report.at]
            same = near and page.sentence[near[0].at] == page.sentence[report.at]
            report.speaker = near[0].speaker if same else None

    def trim(self, first: int, last: int) -> int:
        """Drop punctuation and dangling links from the end of a content; a question mark stays."""
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
        ends = self.ends.setdefault(self.page.inside[at], [])
        ends.append(at)
        ends.sort()

    def clause_start(self, at: int) -> int:
        """Back over «، كما», «، فيما», «، من جهته، » to where the clause of a token begins."""
        page = self.page
        while at and page.folded[at - 1] in page.words.links:
            at -= 1
        return at

    def floor(self, at: int) -> int:
        """The first token of a token's sentence, or of its quotation."""
        return max(self.page.sentence_start(at), self.page.inside[at] + 1)

    def is_clause_edge(self, at: int, relative: bool) -> bool:
        """Whether a clause cannot reach back over a token."""
        page, words = self.page, self.page.words
        word = page.folded[at]
        if page.closes(at) or page.opens(at):
            return False
        if page.is_punctuation(at) or word in words.complementisers or word in words.relatives:
            return True
        if at in page.cues and page.cues[at].form.finite and not page.cues[at].form.verb.common:
            return True
        return word in words.links or (word in words.prepositions and (relative or word != "في"))

    def begins_clause(self, cue: Cue) -> bool:
        """Whether a cue stands where a verb begins a clause."""
        page, at = self.page, cue.index
        if cue.joined or at == page.sentence_start(at) or cue.form.mood in {"present", "participle"}:
            return True
        before = page.folded[at - 1]
        words = page.words
        edge = before in words.links or before in words.auxiliaries or before in words.relatives
        return edge or page.is_punctuation(at - 1) or before in words.documents or self.subject_before(cue) is not None

    def is_denied(self, cue: Cue) -> bool:
        """Whether the words before a verb say that it was not said, or not yet."""
        page, at = self.page, cue.index
        if not cue.form.finite or at == 0:
            return False
        before = page.folded[at - 1].removeprefix("و")
        if before == "ان" and at > 1 and page.folded[at - 2] in {"قبل", "بعد"}:
            return False
        if before in page.words.past_only:
            return cue.form.mood == "present"
        return before in page.words.denied

    def is_passive(self, cue: Cue) -> bool:
        """Whether a damma on the first letter makes the verb passive («ذُكر», «يُعتقد»)."""
        doc = self.page.doc
        past = cue.form.verb.past
        if not cue.form.finite or (cue.form.mood == "present" and len(past) == 4 and not past.startswith("ت")):
            return False
        return _DAMMA in doc.quote(doc.span(cue.start, cue.start + 1))

    def attributive(self, cue: Cue) -> int | None:
        """The token of «ما» or «كما» right before a verb, if there is one."""
        at = cue.index - 1
        if at < 0 or cue.joined or not cue.form.finite:
            return None
        word = self.page.folded[at]
        return (
            at if word in self.page.words.attributive or word.removeprefix("و") in self.page.words.attributive else None
        )

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
        ):
            if not nouns.isdisjoint(forms):
                return act
        return verb.act
