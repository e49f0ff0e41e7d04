"""The sections of the page of a negotiation, in the order in which a delegation reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dronedeal.negotiation.record import FAIR_POINTS, Sides
from dronedeal.report.negotiation import analysis_tables, package_tables, tables
from dronedeal.report.negotiation.clause_charts import clause_figure, zone_figure
from dronedeal.report.negotiation.frontier_chart import frontier_figure
from dronedeal.report.negotiation.futures_sections import conclusion_section, futures_section
from dronedeal.report.negotiation.wording import SIDES, Speech, sentence_start, together
from dronedeal.report.sections.answer import Banner
from dronedeal.report.sections.section import Block, Facts, Item, Section, Words
from dronedeal.report.wording import count_text, isolate, list_text, sentence


def headline(speech: Speech) -> tuple[str, ...]:
    """Whether there is a zone, and what each side gains at the fair points, in words."""
    record, zone = speech.record, speech.record.zone
    if zone.is_there:
        first = "There is a zone of agreement: both sides can be better off with an agreement than without."
    elif zone.bound is not None and zone.bound < 0:
        first = (
            "There is no zone of agreement: it is proven that at every plan one side is worse off than "
            f"without an agreement, by {speech.money(-zone.bound)} or more."
        )
    else:
        first = "No zone of agreement was found; that there is none is not proven."
    sentences = [
        f"{sentence_start(_points(names))} {_gain_words(speech, point.gains)} more than no agreement."
        for names, point in together(record.fair_points)
    ]
    basis = (
        f"Every amount is in {record.currency} at prices of fiscal year {record.price_base_year}, discounted."
    )
    if record.futures is not None:
        basis = f"{basis} {isolate(record.futures.words)}"
    return (f"{first} {isolate(sentence(zone.reason))}", " ".join([*sentences, basis]))


def _points(names: list[str]) -> str:
    """Some fair points that are one plan, with the verb that follows.

    >>> _points(["Nash", "Egalitarian"]), _points(["Greatest welfare"])
    ('the Nash point and the egalitarian point bring', 'the plan of greatest welfare brings')
    """
    words = [
        f"the plan of {name.lower()}" if name.startswith("Greatest") else f"the {_adjective(name)} point"
        for name in names
    ]
    return f"{list_text(words)} {'brings' if len(names) == 1 else 'bring'}"


def _adjective(name: str) -> str:
    return name.lower() if name == FAIR_POINTS["egalitarian"] else name


def _gain_words(speech: Speech, gains: Sides) -> str:
    buyer, seller = (speech.money(gain) for gain in (gains.buyer, gains.seller))
    return f"{speech.names['buyer']} {buyer} and {speech.names['seller']} {seller}"


def negotiation_banner(speech: Speech) -> Banner:
    """The first thing that a reader sees."""
    warnings = tuple(isolate(warning) for warning in speech.record.warnings)
    if speech.record.was_stopped:
        return Banner(
            "caution", "Stopped before it was whole", "Mind this before you use the figures:", warnings
        )
    if not speech.record.zone.is_there:
        return Banner("caution", "No zone of agreement", "See below what would open one.", warnings)
    if warnings:
        return Banner("caution", "Both sides can gain", "Mind this before you use the figures:", warnings)
    return Banner("good", "Both sides can gain", "Every figure comes from a plan that can be opened.", ())


def negotiation_sections(speech: Speech) -> tuple[Section, ...]:
    """Every section that has something to say."""
    return tuple(section for make in _MAKERS for section in make(speech))


def _answer(speech: Speech) -> Iterator[Section]:
    facts = Facts(f"Key figures, {speech.unit}", tuple(_key_figures(speech)))
    yield Section("answer", "In short", headline(speech), (frontier_figure(speech), facts))


def _key_figures(speech: Speech) -> Iterator[tuple[str, str, str]]:
    record = speech.record
    for side in SIDES:
        amount = getattr(record.alternatives, side)
        yield f"{speech.heads[side]} without an agreement", speech.money(amount), speech.unit
    if record.zone.greatest_lesser_gain is not None:
        amount = record.zone.greatest_lesser_gain
        yield "Greatest lesser gain", speech.money(amount), f"{speech.unit}: the side that gains less"
    for name, point in record.fair_points.items():
        if name in ("nash", "welfare"):
            both = point.gains.buyer + point.gains.seller
            yield f"{FAIR_POINTS[name]}: both gain", speech.money(both), speech.unit


def _fair(speech: Speech) -> Iterator[Section]:
    points = speech.record.fair_points
    if not points:
        return
    reasons = tuple(
        Item((isolate(sentence(point.reason)),), f"{FAIR_POINTS[name]}.") for name, point in points.items()
    )
    blocks: tuple[Block, ...] = (
        Words("Why these plans", reasons),
        tables.terms_grid(speech),
        tables.fair_grid(speech),
    )
    yield Section("fair", "Fair points and their terms", (), blocks)


def _zone(speech: Speech) -> Iterator[Section]:
    zone = speech.record.zone
    blocks: list[Block] = [zone_figure(speech), tables.zone_grid(speech)]
    if not speech.record.fair_points:
        blocks.append(tables.terms_grid(speech))
    if zone.changes:
        items = tuple(Item((isolate(sentence(each)),)) for each in zone.changes)
        blocks.append(Words("What closes or opens it", items))
    yield Section("zone", "Zone of agreement", (isolate(sentence(zone.reason)),), tuple(blocks))


def _clauses(speech: Speech) -> Iterator[Section]:
    if not speech.record.clauses:
        return
    still = [clause for clause in speech.record.clauses if clause.stays]
    words = tuple(
        Item((isolate(sentence(clause.stays or "")),), f"{speech.clause_name(clause.id)}:")
        for clause in still
    )
    blocks: list[Block] = [
        clause_figure(speech),
        tables.clause_grid(speech),
        tables.interaction_grid(speech),
        tables.position_grid(speech),
    ]
    packages = package_tables.package_words(speech)
    if packages is not None:
        blocks += [package_tables.package_grid(speech), packages]
    if words:
        blocks.append(Words("Clauses that stay as they are in the frontier", words))
    yield Section("clauses", "What each clause is worth", (), tuple(blocks))


def _exchange(speech: Speech) -> Iterator[Section]:
    exchange = speech.record.exchange
    if exchange is None:
        return
    moves = list_text(
        [f"{speech.clause_name(move.clause)} {tables.move_words(move.to)}" for move in exchange.moves]
    )
    text = (
        f"Moved together ({moves}), the clauses bring {_gain_words(speech, exchange.change)} more "
        f"than {speech.record.clause_reference}, {speech.unit}."
    )
    yield Section("exchange", "The exchange that helps both most", (text,), (tables.exchange_grid(speech),))


def _frontier(speech: Speech) -> Iterator[Section]:
    record = speech.record
    if not record.frontier:
        return
    whole = (
        "Every part of the frontier is known down to the resolution asked for."
        if record.is_frontier_whole
        else "Between its points, parts of the frontier are not known; the picture shows them as a band."
    )
    text = f"{count_text(len(record.frontier), 'plan')}. {whole}"
    yield Section("frontier", "The frontier point by point", (text,),
                  (tables.frontier_grid(speech), tables.frontier_terms_grid(speech)))  # fmt: skip


def _disclosure(speech: Speech) -> Iterator[Section]:
    if speech.record.disclosure is not None:
        text = (
            "What whoever knows the frontier can work out from a published outcome, and what stating other "
            "numbers would bring."
        )
        yield Section("disclosure", "What an outcome gives away", (text,), (tables.disclosure_grid(speech),))


def _analysis(speech: Speech) -> Iterator[Section]:
    record = speech.record
    alternatives = tuple(_alternative(speech, side) for side in SIDES)
    blocks: list[Block] = [Words("Alternatives", alternatives)]
    analysis = record.analysis
    if analysis.ground_rules:
        rules = tuple(Item((isolate(sentence(rule)),)) for rule in analysis.ground_rules)
        blocks.insert(0, Words("Ground rules", rules))
    blocks += [
        analysis_tables.weights_grid(speech),
        analysis_tables.margin_grid(speech),
        analysis_tables.sensitivity_grid(speech),
    ]
    if analysis.worth:
        said = tuple(Item((isolate(sentence(words)),)) for words in analysis.worth)
        blocks.append(Words("What the needs are worth, and the statements behind it", said))
    count = len(analysis.assumptions)
    text = (
        "Ground rules, weights, sensitivity of the recommendation and assumptions, so that an analysis of "
        "alternatives can take this section over as it stands. "
        + (
            f"{count_text(count, 'row')} of the deal rest on an assumption, not on a published fact."
            if count
            else "No row of the deal is marked as an assumption."
        )
    )
    blocks += [analysis_tables.assumption_grid(speech), tables.certificate_grid(speech)]
    yield Section("analysis-record", "Analysis record", (text,), tuple(blocks))


def _alternative(speech: Speech, side: str) -> Item:
    found = getattr(speech.record.alternative_plans, side)
    words = (
        f"{speech.money(found.utility)} at prices of fiscal year {speech.record.price_base_year}, "
        f"discounted; {_bound_words(speech, found.bound)}. "
        f"{isolate(found.words)}"
    )
    return Item((words.strip(),), f"{speech.heads[side]} without an agreement:")


def _bound_words(speech: Speech, bound: float | None) -> str:
    return "no bound is proven" if bound is None else f"no such plan is worth more than {speech.money(bound)}"


_MAKERS: tuple[Callable[[Speech], Iterator[Section]], ...] = (
    _answer, conclusion_section, futures_section, _fair, _zone,
    _clauses, _exchange, _frontier, _disclosure, _analysis,
)  # fmt: skip
