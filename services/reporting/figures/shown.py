"""How a computed number stands in a report: as an integer, or as a text with fixed decimals."""

from collections.abc import Sequence

from services.reporting.figures.book import Figure
from services.reporting.figures.layout import Line
from services.reporting.figures.wanted import Wanted

Shown = int | str | None


def counted(wanted: Wanted, value: int | None) -> int | None:
    """Nothing found is 0, but for a latest value, which then does not exist."""
    return 0 if value is None and wanted.way != "latest" else value


def shown(line: Line, figure: Figure, counts: Sequence[int | None]) -> Shown:
    """The value of a line from its counts: one, or a ratio's numerator and denominator."""
    if figure.measure == "ratio":
        numerator, denominator = counts
        if numerator is None or not denominator:
            return None
        decimals = figure.decimals if line.decimals is None else line.decimals
        return rounded(numerator * (100 if figure.percent else 1), denominator * line.scale, decimals)
    (count,) = counts
    if count is None or (line.decimals is None and line.scale == 1):
        return count
    return rounded(count, line.scale, line.decimals or 0)


def rounded(numerator: int, denominator: int, decimals: int) -> str:
    """The quotient with fixed decimals; a half is rounded away from zero."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    scaled, sign = abs(numerator) * 10**decimals, "-" if numerator < 0 else ""
    units = (2 * scaled + denominator) // (2 * denominator)
    whole, part = divmod(units, 10**decimals)
    sign = sign if units else ""
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"
