"""Checking whole logs: every entry from the first to the last, and every checkpoint that was signed or kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from lastmile.kernel.domain.checkpoint import Verifier, checkpoint_origin
from lastmile.kernel.domain.entry import NO_ENTRY, station_of
from lastmile.kernel.domain.merkle import EMPTY_ROOT, Frontier
from lastmile.kernel.store import log
from lastmile.kernel.store.checkpoints import checkpoints
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.verified_range import (
    BESIDE,
    FINDINGS_NAMED,
    KEPT,
    STORED,
    Checked,
    Claim,
    Finding,
    Findings,
    Range,
    as_stored,
    check_range,
    plain,
    read_any_text,
)

WORTH_PROCESSES = 100_000
"""A shorter log is checked sooner than another process has started."""

RANGES_A_PROCESS = 4
"""More than one, so that no process waits long for the slowest."""

Runs = Callable[[list[Range]], Iterable[Checked]]


@dataclass(frozen=True)
class Verified:
    """What was checked of a log, and what was found wrong with it.

    `position` is where it ends, `root` its root there (None if it could not be computed), `checkpoints` and `older`
    how many stored and kept ones hold, `signed` the size of the largest of them. `unnamed` findings are only counted.
    """

    log: str
    position: int
    root: bytes | None
    checkpoints: int
    older: int
    signed: int
    findings: tuple[Finding, ...]
    unnamed: int

    @property
    def holds(self) -> bool:
        return not self.findings

    def summary(self) -> str:
        """One line of what was found."""
        if not self.holds:
            return f"{self.log}: {len(self.findings) + self.unnamed} findings in {self.position:,} entries"
        unsigned = self.position - self.signed
        kept = f", {self.older} kept elsewhere" if self.older else ""
        behind = f"; {unsigned:,} entries behind it are not signed yet" if unsigned else ""
        checked = f"{self.position:,} entries, {self.checkpoints:,} checkpoints{kept}, up to {self.signed:,}"
        return f"{self.log}: {checked}{behind}"


def cannot_know(verified: Sequence[Verified]) -> str:
    """What no check of these logs can tell, in words."""
    kept = sum(log.older for log in verified)
    held = f"{kept} checkpoints that were kept elsewhere hold." if kept else "No checkpoint kept elsewhere was given."
    return f"{held} Whoever holds the signing key can sign another history: only checkpoints kept by others show that."


def verify_log(
    database_url: str, log_name: str, verifier: Verifier, older: Sequence[str] = (), *, processes: int = 1
) -> Verified:
    """Check one log against the public key that was pinned for it, and against checkpoints (signed notes) that
    someone kept. What is wrong is in the answer; raises Unavailable, and NoSuchLog."""
    with closing(Database(database_url)) as database, _running(processes) as runs:
        return _verify(database, log_name, verifier, ((KEPT, note) for note in older), runs, processes)


def verify_database(
    database_url: str,
    verifiers: Mapping[str, Verifier],
    older: Sequence[str] = (),
    *,
    beside: Mapping[str, str] | None = None,
    processes: int = 1,
) -> list[Verified]:
    """Check every log of a database. `verifiers` holds the pinned public key of each log by its name, `beside` the
    note that lies beside its key; a log without a key and a key without a log are findings, and so are entries or
    kept checkpoints of a log that is not there."""
    with closing(Database(database_url)) as database, _running(processes) as runs:
        with database.read() as connection:
            read_any_text(connection)
            named = [row.log for row in _heads(connection)]
            written = _logs_written(connection)
        there = {name for name in named if isinstance(name, str)}
        written += [repr(name) for name in named if not isinstance(name, str)]
        kept = _by_log(older)
        for name, note in (beside or {}).items():
            kept.setdefault(name, []).append((BESIDE, note))
        verified = []
        for name in sorted({*there, *written, *kept, *verifiers}):
            if name in there and name in verifiers:
                verified.append(_verify(database, name, verifiers[name], kept.get(name, ()), runs, processes))
            else:
                what = "no public key was given to check it with" if name in there else "the log is not there"
                verified.append(Verified(name, 0, None, 0, 0, 0, (Finding(name, 0, what),), 0))
        return verified


def _verify(
    database: Database, name: str, verifier: Verifier, older: Iterable[tuple[str, str]], runs: Runs, processes: int
) -> Verified:
    findings = Findings(name)
    kept = list(_kept_claims(older, verifier, findings))
    with database.read() as connection:
        read_any_text(connection)
        end = _end(connection, name, verifier, findings)
    inside = [claim for claim in kept if 0 < claim.size <= end.position]
    checked = runs(_ranges(database, end, verifier, inside, processes))
    with database.read() as connection:
        read_any_text(connection)
        _versions(connection, name, findings)
    results = list(checked)
    _last_entry(end, results[-1] if results else None, findings)
    root, held = _combined(results, findings)
    for claim in kept:
        if claim.size > end.position:
            findings.add(claim.size, f"{claim.source} is of size {claim.size}, the log ends at {end.position}")
        elif claim.size == 0 and claim.root == EMPTY_ROOT:
            held.append(claim)
    return Verified(
        log=name,
        position=end.position,
        root=root,
        checkpoints=sum(claim.source == STORED for claim in held),
        older=sum(claim.source == KEPT for claim in held),
        signed=max((claim.size for claim in held), default=0),
        findings=tuple(sorted(findings.named)),
        unnamed=findings.unnamed,
    )


def _kept_claims(older: Iterable[tuple[str, str]], verifier: Verifier, findings: Findings) -> Iterator[Claim]:
    for source, note in older:
        try:
            signed = verifier.open_checkpoint(note)
        except ValueError as error:
            findings.add(0, f"{source}: {error}")
            continue
        if signed.origin == verifier.name:
            yield Claim(signed.size, signed.root, source)
        else:
            findings.add(0, f"{source} is of {signed.origin}, not of {verifier.name}")


def _end(connection: Connection, name: str, verifier: Verifier, findings: Findings) -> log.Head:
    """Where the log ends. What is read first may be short of what is read later, as the log may grow meanwhile."""
    missing = log.missing_triggers(connection)
    signed = select(func.min(checkpoints.c.size), func.max(checkpoints.c.size))
    least, most = connection.execute(signed.where(checkpoints.c.log == name)).one()
    positions = select(func.min(log.events.c.position), func.max(log.events.c.position))
    first, last = connection.execute(positions.where(log.events.c.log == name)).one()
    stored = connection.execute(
        select(func.count()).select_from(log.events).where(log.events.c.log == name)
    ).scalar_one()
    row = next((row for row in _heads(connection) if row.log == name), None)
    if row is None:
        raise log.NoSuchLog(f"no log {name} in this database", log=name)
    if type(row.position) is not int:
        findings.add(0, f"the head says position {row.position!r}")
    position = row.position if type(row.position) is int else 0
    end = log.Head(row.log, row.station, row.origin, position, plain(row.leaf), row.recorded_at)
    for trigger in missing:
        findings.add(0, f"the trigger {trigger} that keeps entries unchanged is missing")
    if checkpoint_origin(name, end.origin) != verifier.name:
        findings.add(0, f"the head says origin {end.origin}, the public key is that of {verifier.name}")
    if end.station != station_of(name):
        findings.add(0, f"the head says station {end.station!r}")
    _bounds(end.position, (first, last), (least, most), findings)
    if stored > max(end.position, 0):
        findings.add(0, f"{stored} entries are stored, the head says {end.position}")
    return end


def _bounds(ends: int, entries: tuple[Any, Any], signed: tuple[Any, Any], findings: Findings) -> None:
    """The least and largest position of an entry and size of a checkpoint, which SQLite lets be anything."""
    (first, last), (least, most) = entries, signed
    if most is not None and (type(most) is not int or most > ends):
        findings.add(most, f"a checkpoint was signed at size {most!r}, but the log ends at {ends}")
    if least is not None and (type(least) is not int or least < 1):
        findings.add(0, f"a checkpoint of size {least!r} is stored")
    if last is not None and type(last) is not int:
        findings.add(0, f"an entry stands at position {last!r}")
    elif last is not None and last > ends:
        findings.add(last, f"entries stand behind the head, which says {ends}")
    if first is not None and (type(first) is not int or first < 1):
        findings.add(0, f"an entry stands at position {first!r}")


def _last_entry(end: log.Head, last: Checked | None, findings: Findings) -> None:
    """The head names the last entry that was read."""
    if last is None:
        if end.leaf != NO_ENTRY or end.recorded_at:
            findings.add(0, "the head of the empty log names an entry")
    elif (last.last_hash, last.last_recorded_at) != (end.leaf.hex(), end.recorded_at):
        findings.add(end.position, "the last entry is not the one that the head names")


def _versions(connection: Connection, name: str, findings: Findings) -> None:
    """Every stream of the log has versions 1, 2, 3 … and each once."""
    stream, version = log.events.c.stream, log.events.c.version
    station = station_of(name)
    mine = log.events.c.log == name
    if connection.dialect.name == "sqlite":
        # Read from the index of streams alone; "0" is the sign behind "/".
        mine = (stream >= f"{station}/") & (stream < f"{station}0")
    query = (
        select(stream, func.count().label("entries"), func.max(version).label("most"))
        .where(mine)
        .group_by(stream)
        .having(or_(func.min(version) != 1, func.max(version) != func.count()))
        .order_by(stream)
        .limit(FINDINGS_NAMED)
    )
    for row in connection.execute(query).all():
        last = select(func.max(log.events.c.position)).where(log.events.c.log == name, stream == row.stream)
        findings.add(
            connection.execute(last).scalar() or 0,
            f"stream {row.stream} has {row.entries} entries, the highest version is {row.most}",
        )


def _ranges(
    database: Database, end: log.Head, verifier: Verifier, older: Sequence[Claim], processes: int
) -> list[Range]:
    """The log in parts of one size, a power of two, so that each is a subtree of the whole tree."""
    url = database.url.render_as_string(hide_password=False)
    size = 1 << max(end.position - 1, 0).bit_length()
    if processes > 1 and end.position >= WORTH_PROCESSES:
        size = 1 << (end.position // (processes * RANGES_A_PROCESS)).bit_length() - 1
    return [
        Range(
            url,
            end.log,
            verifier,
            after,
            min(after + size, end.position),
            tuple(claim for claim in older if after < claim.size <= after + size),
        )
        for after in range(0, end.position, size)
    ]


def _combined(results: Sequence[Checked], findings: Findings) -> tuple[bytes | None, list[Claim]]:
    """The root of the whole log, None if an entry is missing, and the claims that hold."""
    for part in results:
        for finding in part.findings.named:
            findings.add(finding.position, finding.what)
        findings.unnamed += part.findings.unnamed
    whole, held, broken, hole = Frontier(), list[Claim](), list[Claim](), False
    for part in results:
        for claim, root in part.claims:
            # The part's root stands at the right edge of what is before it.
            if hole or root is None or Frontier(claim.size, [*whole.peaks, root]).root() != claim.root:
                broken.append(claim)
            else:
                held.append(claim)
        hole = hole or part.hole is not None
        _append(whole, part)
    _name_broken(broken, held, findings)
    return (None if hole else whole.root()), held


def _name_broken(broken: Sequence[Claim], held: Sequence[Claim], findings: Findings) -> None:
    """Of each source the first claim that does not hold tells most: the change is behind the last that holds."""
    for source in sorted({claim.source for claim in broken}):
        first, *later = [claim.size for claim in broken if claim.source == source]
        before = max((claim.size for claim in held if claim.size < first), default=0)
        findings.add(
            first,
            f"{source} of size {first} has another root: of entries {before + 1} to {first} some were changed"
            + (f"; {len(later)} later ones do not hold either" if later else ""),
        )


def _append(whole: Frontier, part: Checked) -> None:
    leaves = part.asked.upto - part.asked.after
    for peak in part.peaks if part.hole is None else ():
        whole.append_subtree(peak, 1 << leaves.bit_length() - 1)
        leaves -= 1 << leaves.bit_length() - 1


def _by_log(older: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Kept checkpoints by the log that their first line names (`lastmile/<station>/<service>/<random id>`)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for note in older:
        origin = note.partition("\n")[0]
        found.setdefault(origin.removeprefix("lastmile/").rpartition("/")[0], []).append((KEPT, note))
    return found


def _logs_written(connection: Connection) -> list[str]:
    """The logs that have entries, whatever their names are."""
    query = select(*as_stored(log.events)[:1]).distinct()
    return [name if isinstance(name, str) else repr(name) for name in connection.execute(query).scalars()]


def _heads(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(select(*as_stored(log.heads))).all()


@contextmanager
def _running(processes: int) -> Iterator[Runs]:
    """Checks ranges here, or in other processes when there are several; those start when first needed."""
    if processes == 1:
        yield lambda ranges: map(check_range, ranges)
        return
    # A forked process would carry the threads' locks and the database connections of this one.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield lambda ranges: (pool.map if len(ranges) > 1 else map)(check_range, ranges)
