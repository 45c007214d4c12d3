"""BM25 over rjieba tokens in a tantivy index held in memory."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba
import tantivy

from jieli.knowledge.search.ngrams import normal

_ASKED, _BODY = "asked", "body"
_ASKED_BOOST = 2.0
_STOP = frozenset("的了吗呢啊吧呀是我你您在和与就都也还要有个这那一下么嘛哦请问们")
_HEAP = 50_000_000
_LONGEST_QUERY = 300


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[str, ...]:
    """Words of a query: folded, without those that say nothing. Kept, because customers ask the same things."""
    return words_of(text[:_LONGEST_QUERY])


def words_of(text: str) -> tuple[str, ...]:
    """Words of a text of any length."""
    folded = unicodedata.normalize("NFKC", text).casefold().encode("utf-8", "replace").decode()
    return tuple(w for w in rjieba.cut_for_search(folded) if w not in _STOP and normal(w))


@dataclass(frozen=True, slots=True)
class Page:
    """What of an article is indexed: `asked` is its title and questions."""

    asked: str
    body: str


class Lexical:
    """Ranks the pages it was made of, by their places in the given sequence."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._schema = _schema()
        index = tantivy.Index(self._schema)
        writer = index.writer(_HEAP, 1)
        for number, page in enumerate(pages):
            writer.add_document(_document(number, page))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        everything = self._searcher.search(tantivy.Query.all_query(), max(1, len(pages))).hits
        self._places = {(at.segment_ord, at.doc): self._searcher.doc(at)["number"][0] for _, at in everything}

    def rank(self, query: str, *, limit: int) -> list[int]:
        """The places of the best pages by BM25, best first."""
        words = set(tokens(query))
        if not words or not self._places:
            return []
        wanted = [(tantivy.Occur.Should, part) for word in words for part in self._parts(word)]
        found = self._searcher.search(tantivy.Query.boolean_query(wanted), limit, count=False).hits
        return [self._places[at.segment_ord, at.doc] for _, at in found]

    def _parts(self, word: str) -> tuple[tantivy.Query, tantivy.Query]:
        asked = tantivy.Query.term_query(self._schema, _ASKED, word, "freq")
        return (
            tantivy.Query.boost_query(asked, _ASKED_BOOST),
            tantivy.Query.term_query(self._schema, _BODY, word, "freq"),
        )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True)
    for name in (_ASKED, _BODY):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(number: int, page: Page) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("number", number)
    document.add_text(_ASKED, " ".join(words_of(page.asked)))
    document.add_text(_BODY, " ".join(words_of(page.body)))
    return document
