"""The entries behind one value: where they stand and what each weighs."""

from services.reporting.figures import queries
from services.reporting.figures.book import Book
from services.reporting.figures.engine import Question, Rows, asked, make_cube, make_terms

Weighed = list[tuple[str, int, int]]
"""Log, position and weight of each entry."""


def behind(rows: Rows, question: Question, book: Book) -> Weighed:
    """The entries that make the one thing wanted of the one station (or area) and year asked for."""
    (wanted,) = question.wanted
    files = rows.files.of(read.service for read in wanted.figure.reads)
    with asked(question) as connection:
        classes = make_cube(connection, rows, files, question.cut)
        make_terms(connection, [(0, wanted)], classes, book)
        connection.execute(queries.COUNTED)
        queries.entries_view(connection, "counting", question.cut, files, tail=True)
        weighed: Weighed = connection.execute(queries.events_behind("counting", wanted.way)).fetchall()
    return weighed
