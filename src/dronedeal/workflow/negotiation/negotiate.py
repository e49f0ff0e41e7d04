"""Two sides at the table: alternatives, zone, frontier, fair points and the price of every clause."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.deal.one_side import TO_NEGOTIATE
from dronedeal.errors import CommandError, StoppedError
from dronedeal.exchange import FutureChoices
from dronedeal.negotiation.engine import engine_of
from dronedeal.negotiation.record import Negotiation
from dronedeal.solving import Progress, SolveOptions
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.deals import check, require_given, require_sound
from dronedeal.workflow.negotiation.choices import Bargaining
from dronedeal.workflow.negotiation.conclusions import conclusions
from dronedeal.workflow.negotiation.futures import Futures
from dronedeal.workflow.negotiation.ground import AsStated, Ground, NegotiationRun, Work
from dronedeal.workflow.negotiation.over_futures import OverFutures
from dronedeal.workflow.negotiation.table import Table

__all__ = ["NegotiationRun", "negotiate", "require_negotiable", "run_negotiation"]

AS_STATED = "the deal as stated"


def negotiate(  # noqa: PLR0913 -- the public face spells out every choice of a negotiation
    deal: Deal,
    *,
    points: int | None = None,
    pairs: int | None = 60,
    gap: float = 0.001,
    time_limit: float | None = None,
    workers: int | None = None,
    moves: int | None = None,
    packages: int | None = None,
    futures: FutureChoices | None = None,
    beside: Negotiation | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> NegotiationRun:
    """What the clauses of a deal are worth to both sides, and what they could agree on.

    Parameters
    ----------
    deal : a deal without errors, with clauses
    points : most points of the frontier, at least 2; None: 21, over many futures 7
    pairs : most pairs of clauses that are valued together; None: all
    gap, time_limit : of each single solve, as for `plan`
    workers : threads that answer questions which do not wait for one another; what is found does not
        depend on it; None: one for each core, at most 4
    moves : moves of main inputs that are planned again, to say how far each may move; None: as many as are
        usual for the size of the deal, none in large ones
    packages : most packages of positions of clauses that are not in proportion (see `Packages`); 1: those
        clauses stay as in the deal; None: as many as are usual for the size of the deal
    futures : over which futures the utilities of both sides are taken; None: the deal as it is stated. The
        terms are then signed before any of them is known, and the deal as stated is negotiated too, to say
        what the futures change
    beside : the negotiation of the deal as it is stated, where it was made before; None: it is made
    on_progress, should_stop : as for `plan`; once stopped, what is found so far is returned where there are
        both alternatives

    Raises
    ------
    DealFolderError : where the rules find errors in the deal
    ScenarioTreeError : where the tree of the futures cannot be used
    StoppedError : stopped before both alternatives were known

    Examples
    --------
    >>> from dronedeal.workflow import read
    >>> found = negotiate(read("deals/first-deal"), points=2, pairs=0, moves=0).record
    >>> found.zone.is_there, found.nash.gains.buyer > 0, found.nash.gains.seller > 0
    (True, True, True)
    """
    choices = Bargaining.of(
        points=points,
        pairs=pairs,
        gap=gap,
        time_limit=time_limit,
        workers=workers,
        moves=moves,
        packages=packages,
        is_over_futures=futures is not None,
    )
    over = None if futures is None else Futures.of(require_negotiable(deal), futures)
    return run_negotiation(
        deal,
        choices,
        futures=over,
        beside=beside,
        checkpoint=Checkpoint(),
        on_progress=on_progress,
        should_stop=should_stop,
    )


def run_negotiation(
    deal: Deal,
    choices: Bargaining,
    *,
    checkpoint: Checkpoint,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    futures: Futures | None = None,
    beside: Negotiation | None = None,
) -> NegotiationRun:
    """See `negotiate`.

    Parameters
    ----------
    checkpoint : where everything goes as soon as it is found, and from where it comes instead of being
        worked out again
    """
    require_negotiable(deal)
    options = SolveOptions(choices.gap, choices.time_limit, is_proven=False)
    work = Work(deal, options, checkpoint, on_progress, should_stop)
    if futures is None:
        return _run(work, choices, AsStated(work))
    require_for_futures(deal, choices, beside)
    over = _run(work, choices, OverFutures(work, futures))
    if over.record.was_stopped:
        return over
    return _compared(over, beside, lambda: _as_stated(work, choices))


def _run(work: Work, choices: Bargaining, ground: Ground) -> NegotiationRun:
    with engine_of(choices.threads) as engine:
        table = Table(
            work.deal,
            choices,
            engine,
            work.checkpoint,
            work.on_progress,
            work.should_stop,
            ground=ground,
        )
        return ground.finished(table.run())


def _as_stated(work: Work, choices: Bargaining) -> NegotiationRun:
    """The negotiation of the deal as it is stated, beside one over many futures."""

    def tell(progress: Progress) -> None:
        work.on_progress(replace(progress, step=f"{AS_STATED}: {progress.step}"))

    alone = replace(work, checkpoint=work.checkpoint.part(AS_STATED), on_progress=tell)
    return _run(alone, replace(choices, moves=0), AsStated(alone))


def _compared(
    over: NegotiationRun, beside: Negotiation | None, make: Callable[[], NegotiationRun]
) -> NegotiationRun:
    """The negotiation over many futures with what they change; after a stop without."""
    as_stated = None
    if beside is None:
        with suppress(StoppedError):
            as_stated = make()
        beside = None if as_stated is None else as_stated.record
    if beside is None or beside.was_stopped:
        words = (
            "The deal as it is stated was not negotiated to the end: what the futures change is not known."
        )
        record = replace(over.record, was_stopped=True, warnings=(words, *over.record.warnings))
    else:
        record = replace(over.record, conclusions=conclusions(beside, over.record))
    return replace(over, record=record, as_stated=as_stated)


def require_for_futures(deal: Deal, choices: Bargaining, beside: Negotiation | None) -> None:
    """Raise CommandError where a choice, or the negotiation beside, does not go with many futures."""
    if choices.moves:
        raise CommandError(
            f"moves: found {choices.moves} together with futures; allowed: 0: main inputs are moved in the "
            "deal as it is stated; ask for them in a negotiation of their own"
        )
    if beside is not None and beside.digest != deal.digest:
        raise CommandError(
            f"beside: the negotiation is of another deal (digest {beside.digest[:12]}, that of this deal is "
            f"{deal.digest[:12]}); make it again, or leave it out, so that it is made"
        )
    if beside is not None and beside.futures is not None:
        raise CommandError(
            "beside: the negotiation is itself over many futures; name one of the deal as it is stated, or "
            "leave it out, so that it is made"
        )


def require_negotiable(deal: Deal) -> Deal:
    """The deal; raise DealFolderError where a table is missing or the rules find errors."""
    require_given(deal, TO_NEGOTIATE, purpose="to negotiate")
    require_sound(check(deal))
    return deal
