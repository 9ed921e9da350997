"""The tables of library.db, as numbered migrations that are never edited once released."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from bot.library.former_layout import compress_formerly, dump_formerly, passage_anew, text_anew

MIGRATIONS = Migrations("library")

_FIRST = (
    # fingerprint: what the library was built with. generation: grows with every change.
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # published: proleptic Gregorian ordinal of the day, NULL where unknown. origin: hash of the folded text
    # of the first of its reprints, so that they count once.
    """CREATE TABLE report (
        id TEXT PRIMARY KEY, published INTEGER, inferred INTEGER NOT NULL, url TEXT NOT NULL, origin TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX report_published ON report (published)",
    """CREATE TABLE edition (
        key INTEGER PRIMARY KEY, report_id TEXT NOT NULL REFERENCES report (id), language TEXT NOT NULL,
        title TEXT NOT NULL, publisher TEXT NOT NULL, brief INTEGER NOT NULL, text TEXT NOT NULL,
        passages INTEGER NOT NULL, content_hash TEXT NOT NULL, UNIQUE (report_id, language)
    )""",
    # rowid = published day << 24 | sequence, so that "newest first" and "since" are windows of rowids.
    # sentences: JSON [[text, [page…], [figure…], whole]…].
    """CREATE TABLE passage (
        rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, edition INTEGER NOT NULL REFERENCES edition (key),
        position INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, sentences TEXT NOT NULL
    )""",
    "CREATE INDEX passage_id ON passage (id)",
    "CREATE INDEX passage_position ON passage (edition, position)",
    # terms: a line for each sentence, its words, a tab, its Han bigrams. Porter folds English endings.
    """CREATE VIRTUAL TABLE passage_index USING fts5 (
        terms, tokenize = "porter unicode61 remove_diacritics 2 tokenchars '.+#'"
    )""",
    """CREATE VIRTUAL TABLE edition_index USING fts5 (
        terms, tokenize = "porter unicode61 remove_diacritics 2 tokenchars '.+#'"
    )""",
    # sentences: a bit for each sentence that has the topic (bit 0 is the first).
    """CREATE TABLE mention (
        topic TEXT NOT NULL, passage INTEGER NOT NULL, sentences INTEGER NOT NULL, PRIMARY KEY (topic, passage)
    ) WITHOUT ROWID""",
    "CREATE INDEX mention_passage ON mention (passage, topic)",
    # Passages that mention a topic outside their headings; the topic '' counts all. Stored, since counting is slow.
    "CREATE TABLE topic_count (topic TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID",
    # published and origin are the report's, so that a topic's history is one range of this table.
    """CREATE TABLE report_topic (
        topic TEXT NOT NULL, report_id TEXT NOT NULL REFERENCES report (id), published INTEGER,
        origin TEXT NOT NULL, PRIMARY KEY (topic, report_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX report_topic_report ON report_topic (report_id)",
    """CREATE TABLE cut_line (
        edition INTEGER NOT NULL REFERENCES edition (key), number INTEGER NOT NULL, text TEXT NOT NULL,
        rule TEXT NOT NULL
    )""",
    "CREATE INDEX cut_line_edition ON cut_line (edition)",
)


@MIGRATIONS()
def m001_reports_and_index(db: Database) -> None:
    """Create the tables of reports, editions, passages and mentions, and the full-text indexes."""
    for statement in _FIRST:
        db.execute(statement)


@MIGRATIONS()
def m002_mentions_of_a_passage(db: Database) -> None:
    """Let the mentions of a passage be read from this index alone, without a table lookup for each topic."""
    db.execute("DROP INDEX mention_passage")
    db.execute("CREATE INDEX mention_passage ON mention (passage, topic, sentences)")


_REBUILDS = (
    # An edition that the last rebuild could not take in. problem: a models.Problem as JSON.
    """CREATE TABLE missing (
        report_id TEXT NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL, problem TEXT NOT NULL,
        PRIMARY KEY (report_id, language)
    ) WITHOUT ROWID""",
    # The id that a passage had before a rebuild cut its edition anew, and the passage that says the same now.
    "CREATE TABLE former_passage (id TEXT PRIMARY KEY, passage TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX report_url ON report (url) WHERE url <> ''",
)


@MIGRATIONS()
def m003_what_a_rebuild_leaves(db: Database) -> None:
    """Add the originals missing from the library, and the replacements of passages that were cited before."""
    for statement in _REBUILDS:
        db.execute(statement)


@MIGRATIONS()
def m004_notes_on_sources(db: Database) -> None:
    """Add what readers of an edition are told about its source; not searched."""
    db.execute("ALTER TABLE edition ADD COLUMN note TEXT NOT NULL DEFAULT ''")


_WHOLE_EDITIONS = (
    "DROP TABLE edition_index",
    # Not stemmed, so that texts with a name can be counted: operator is not operation, Cohere not coherent. head: the
    # headings, and the beginning of the text. Stores no copy of its rows: library/edition_index makes them again.
    """CREATE VIRTUAL TABLE edition_index USING fts5 (
        title, head, body, content = '', tokenize = "unicode61 remove_diacritics 2 tokenchars '.+#'"
    )""",
    "ALTER TABLE edition ADD COLUMN title_terms TEXT NOT NULL DEFAULT ''",
    # An older library is rebuilt; until then no whole edition is found.
    "DELETE FROM meta WHERE key = 'built'",
)


@MIGRATIONS()
def m005_names_of_whole_editions(db: Database) -> None:
    """Index whole editions by unstemmed words and by their place: title, head or body."""
    for statement in _WHOLE_EDITIONS:
        db.execute(statement)


_REPRINTS = (
    # hash: every eighth hash of an edition's word runs, of a long text fewer, by which its reprints are found.
    "CREATE TABLE run_hash (hash INTEGER NOT NULL, edition INTEGER NOT NULL, PRIMARY KEY (hash, edition)) WITHOUT ROWID",
    "CREATE INDEX report_origin ON report (origin)",
    "DELETE FROM meta WHERE key = 'built'",
)


@MIGRATIONS()
def m006_reprints(db: Database) -> None:
    """Add the hashes by which reprints share one origin, even if shortened, framed or edited."""
    for statement in _REPRINTS:
        db.execute(statement)


@MIGRATIONS()
def m007_where_metadata_stands(db: Database) -> None:
    """Add where title, publisher, day and language of an edition were found, as JSON; not searched."""
    db.execute("ALTER TABLE edition ADD COLUMN provenance TEXT NOT NULL DEFAULT '{}'")


@MIGRATIONS()
def m007_headings_of_a_passage(db: Database) -> None:
    """Add the headings above each passage, one per line: they separate the items of a compilation."""
    db.execute("ALTER TABLE passage ADD COLUMN headings TEXT NOT NULL DEFAULT ''")


_REST = (
    # The terms of an edition's text outside passages (tables, code, lists of links), and the topics in it.
    "ALTER TABLE edition ADD COLUMN rest_terms TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE rest_topic (
        edition INTEGER NOT NULL REFERENCES edition (key), topic TEXT NOT NULL, PRIMARY KEY (edition, topic)
    ) WITHOUT ROWID""",
)


@MIGRATIONS()
def m008_what_is_in_no_passage(db: Database) -> None:
    """Add the text outside passages to what is counted for an edition; it is never shown."""
    for statement in _REST:
        db.execute(statement)


_STORIES = (
    # Features by which reports are compared: hashes of words, names, numbers and topics of title and lead, by day.
    """CREATE TABLE story_feature (
        feature INTEGER NOT NULL, day INTEGER NOT NULL, edition INTEGER NOT NULL, in_title INTEGER NOT NULL,
        PRIMARY KEY (feature, day, edition)
    ) WITHOUT ROWID""",
    # norm: the length of its weight vector. crossing: the sum of squared weights of what is the same in every language.
    """CREATE TABLE story_edition (
        edition INTEGER PRIMARY KEY, day INTEGER NOT NULL, han INTEGER NOT NULL, norm REAL NOT NULL,
        crossing REAL NOT NULL, features BLOB NOT NULL
    )""",
    # story: the id of its first report. other, score: the report most similar to this one when it came in, and how
    # similar.
    """CREATE TABLE story (
        report_id TEXT PRIMARY KEY, story TEXT NOT NULL, other TEXT NOT NULL, score REAL NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX story_reports ON story (story)",
    "DELETE FROM meta WHERE key = 'built'",
)


@MIGRATIONS()
def m009_stories(db: Database) -> None:
    """Add which reports of several origins tell of one event."""
    for statement in _STORIES:
        db.execute(statement)


_COMPRESSED = (
    # content: see library/compressed. What SQL never looks into is kept as one value.
    """CREATE TABLE compressed_passage (
        rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, edition INTEGER NOT NULL REFERENCES edition (key),
        position INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, content BLOB NOT NULL
    )""",
    """INSERT INTO compressed_passage
       SELECT rowid, id, edition, position, start, end, passage_content(sentences, headings) FROM passage""",
    "DROP TABLE passage",
    "ALTER TABLE compressed_passage RENAME TO passage",
    "CREATE INDEX passage_id ON passage (id)",
    "CREATE INDEX passage_position ON passage (edition, position)",
    "UPDATE edition SET text = compressed(text), rest_terms = compressed(rest_terms)",
    "DROP TABLE passage_index",
    # Stores no copy of its rows either: to delete one, it is made again from the content of its passage.
    """CREATE VIRTUAL TABLE passage_index USING fts5 (
        terms, content = '', tokenize = "porter unicode61 remove_diacritics 2 tokenchars '.+#'"
    )""",
    "DELETE FROM meta WHERE key = 'built'",
)


@MIGRATIONS()
def m010_compressed_texts(db: Database) -> None:
    """Compress passages and texts. Citations of an older library can still be opened."""
    db.register_function(dump_formerly, name="passage_content")
    db.register_function(compress_formerly, name="compressed")
    for statement in _COMPRESSED:
        db.execute(statement)


_FIGURES = (
    # number: the index of the figure in its sentence. quantity: what it measures, '' if unknown.
    # due: the year of a forecast or plan, else 0.
    """CREATE TABLE figure (
        passage INTEGER NOT NULL, sentence INTEGER NOT NULL, number INTEGER NOT NULL, quantity TEXT NOT NULL,
        value REAL NOT NULL, unit TEXT NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (passage, sentence, number)
    ) WITHOUT ROWID""",
    "CREATE INDEX figure_quantity ON figure (quantity, value) WHERE quantity <> ''",
    "DELETE FROM meta WHERE key = 'built'",
)


@MIGRATIONS()
def m011_figures(db: Database) -> None:
    """Add the figures with a known quantity or informative by themselves, indexed by quantity."""
    for statement in _FIGURES:
        db.execute(statement)


@MIGRATIONS()
def m012_versions_of_reports(db: Database) -> None:
    """Add the version of each report's originals that the library holds, as counted by the state."""
    db.execute(
        "CREATE TABLE report_version (report_id TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID"
    )


_TERM_COUNTS = (
    # text: the words of a term, or a number sign and a topic's id. The term '' counts all items of an edition.
    "CREATE TABLE term (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
    # items: the number of the edition's items that contain the term. An item is the text under one heading.
    """CREATE TABLE term_count (
        edition INTEGER NOT NULL REFERENCES edition (key), term INTEGER NOT NULL REFERENCES term (key),
        items INTEGER NOT NULL, PRIMARY KEY (edition, term)
    ) WITHOUT ROWID""",
    "CREATE INDEX term_count_term ON term_count (term, edition, items)",
    "DELETE FROM meta WHERE key = 'built'",
)


@MIGRATIONS()
def m013_terms_that_rise(db: Database) -> None:
    """Add the words, names and phrases of each edition, from which rising terms are computed."""
    for statement in _TERM_COUNTS:
        db.execute(statement)


@MIGRATIONS()
def m014_smaller_passages_and_texts(db: Database) -> None:
    """Drop the heading terms that follow from the headings' letters, and compress long texts with bz2."""
    db.register_function(passage_anew)
    db.register_function(text_anew)
    db.execute("UPDATE passage SET content = passage_anew(content)")
    db.execute("UPDATE edition SET text = text_anew(text), rest_terms = text_anew(rest_terms)")


@MIGRATIONS()
def m015_names_of_untitled_editions(db: Database) -> None:
    """Add what an edition without a title is called where it is shown; not searched."""
    db.execute("ALTER TABLE edition ADD COLUMN name TEXT NOT NULL DEFAULT ''")


_NAMED_IN = (
    "DROP TABLE rest_topic",
    # named_in: bits of models.NAMED_IN_HEAD and NAMED_IN_TITLE; of a report, those of all its editions.
    """CREATE TABLE edition_topic (
        edition INTEGER NOT NULL REFERENCES edition (key), topic TEXT NOT NULL, named_in INTEGER NOT NULL,
        PRIMARY KEY (edition, topic)
    ) WITHOUT ROWID""",
    "ALTER TABLE report_topic ADD COLUMN named_in INTEGER NOT NULL DEFAULT 0",
    "DELETE FROM meta WHERE key = 'built'",
)


@MIGRATIONS()
def m016_where_a_topic_is_named(db: Database) -> None:
    """Add whether a report's title, headings or beginning name a topic, so that a search need not look it up."""
    for statement in _NAMED_IN:
        db.execute(statement)
