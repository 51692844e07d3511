"""The console has a Chinese word for every event that a figure opens to."""

from services.gateway.words import WORDS
from services.reporting.figures.book import product_book


def test_every_event_that_a_figure_reads_has_a_word() -> None:
    read = {read.event for figure in product_book().figures.values() for read in figure.reads}
    assert read - set(WORDS) == set()
