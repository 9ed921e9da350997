"""The passages of a library in tantivy, another search engine, as a baseline for benches: pip install tantivy.

It indexes the same terms as FTS5, cut and stemmed alike, and ranks by BM25 as FTS5 does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from tantivy import (
    Document,
    Filter,
    Index,
    Occur,
    Query,
    SchemaBuilder,
    TextAnalyzerBuilder,
    Tokenizer,
)

from bot.library.compressed import load_terms

_HEAP_BYTES = 200_000_000
_ANALYZER = TextAnalyzerBuilder(Tokenizer.regex(r"[\w.+#]+")).filter(Filter.stemmer("english")).build()


class Tantivy:
    """A tantivy index beside a library's file, rebuilt when the number of passages changes."""

    def __init__(self, library: Path) -> None:
        """Open the index, or build it, which takes minutes for a million passages."""
        builder = SchemaBuilder()
        builder.add_integer_field("passage", stored=True)
        builder.add_text_field("terms", tokenizer_name="terms")
        self._schema = builder.build()
        folder = library.with_name("tantivy")
        folder.mkdir(exist_ok=True)
        self._index = Index(self._schema, path=str(folder))
        self._index.register_tokenizer("terms", _ANALYZER)
        with sqlite3.connect(f"{library.as_uri()}?mode=ro", uri=True) as db:
            (passages,) = db.execute("SELECT count(*) FROM passage").fetchone()
            if self._index.searcher().num_docs != passages:
                self._fill(db)
        self._searcher = self._index.searcher()

    def _fill(self, db: sqlite3.Connection) -> None:
        writer = self._index.writer(_HEAP_BYTES, 1)
        writer.delete_all_documents()
        for rowid, content in db.execute("SELECT rowid, content FROM passage"):
            writer.add_document(Document(passage=rowid, terms=load_terms(content)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, forms: Iterable[str]) -> list[int]:
        """Return the rowids of the ten best passages that contain any of the forms."""
        queries = []
        for form in forms:
            words: list[str] = _ANALYZER.analyze(form)
            if len(words) > 1:
                queries.append((Occur.Should, Query.phrase_query(self._schema, "terms", list(words))))
            elif words:
                queries.append((Occur.Should, Query.term_query(self._schema, "terms", words[0])))
        hits = self._searcher.search(Query.boolean_query(queries), 10, count=False).hits
        return [self._searcher.doc(address)["passage"][0] for _, address in hits]
