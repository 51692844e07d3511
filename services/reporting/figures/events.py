"""The entries behind one value: where they stand and what each weighs."""

from services.reporting.figures import queries
from services.reporting.figures.book import Book
from services.reporting.figures.engine import Question, Rows, add_terms, asked
from services.reporting.figures.reading import class_of

Weighed = list[tuple[str, int, int]]
"""Log, position and weight of each entry."""


def behind(rows: Rows, question: Question, book: Book) -> Weighed:
    """The entries that make the one thing wanted of the one station (or area) and year asked for."""
    (wanted,) = question.wanted
    services = {read.service for read in wanted.figure.reads}
    with asked(question) as connection:
        connection.register("tail", rows.tail())
        queries.entries_view(connection, "counting", rows.files.of(services), question.cut, "tail")
        found = connection.execute(queries.CLASSES.format(entries="counting")).fetchall()
        if not add_terms(connection, [(0, wanted)], [class_of(text) for (text,) in found], book):
            return []
        weighed: Weighed = connection.execute(queries.events_behind("counting", wanted.way)).fetchall()
    return weighed
