"""The result of a tuning as one HTML page that needs nothing but itself."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from monitor.tuning.effects import Effect
from monitor.tuning.labels import Labelled
from monitor.tuning.proposal import Point, Proposal
from monitor.tuning.report.chart import svg_text
from monitor.tuning.report.patch import patch_text
from monitor.tuning.report.wording import (
    confidence_texts,
    effect_text,
    labels_text,
    shown_rate,
    shown_value,
    verdict_text,
)
from monitor.tuning.tally import Tally


def html_text(proposal: Proposal, recordings: Sequence[Labelled], notes: Sequence[str]) -> str:
    """Return the page: what to set, what that gains and loses, how sure it is, and the trade-off."""
    style = (files("monitor.tuning.report") / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    names = ", ".join(one.name for one in recordings[:5]) + (" …" if len(recordings) > 5 else "")
    body = "".join(
        (
            f"<h1>What to set</h1>\n<p class='sub'>{escape(names)} · {escape(labels_text(recordings))} · "
            f"wanted: {escape(proposal.goal.text)}</p>\n",
            f"<p class='verdict'>{escape(verdict_text(proposal))}</p>\n",
            _tiles(proposal),
            _steps(proposal),
            f"<h2>How sure this is</h2>\n{_list(confidence_texts(proposal, recordings))}",
            "<h2>The trade-off</h2>\n<p class='sub'>Each grey point is what some of the settings that were "
            "tried come to; those on the line are bettered by none in both directions.</p>\n",
            svg_text(proposal),
            _curve(proposal),
            _patch(proposal),
            f"<h2>Notes</h2>\n{_list(notes)}" if notes else "",
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>What to set</title>\n<style>{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _tiles(proposal: Proposal) -> str:
    shown = [_tile("now", "with the present settings", proposal.present)]
    if proposal.steps:
        shown.append(_tile("then", "with the proposed ones", proposal.proposed))
    if proposal.steps and proposal.parts > 1:
        shown.append(_tile("", "chosen without them, on labels set aside", proposal.held_out))
    return f'<div class="tiles">{"".join(shown)}</div>\n'


def _tile(name: str, told: str, tally: Tally) -> str:
    alarm = "alarm" if tally.false == 1 else "alarms"
    return (
        f'<div class="tile {name}"><span>{told}</span><b>{tally.missed} of {tally.truths} missed</b>'
        f"<b>{tally.false} false {alarm}</b><span>{shown_rate(tally.false_per_day)} a day</span></div>"
    )


def _steps(proposal: Proposal) -> str:
    if not proposal.steps:
        return ""
    rows = "".join(
        f"<tr><td class='key'>{_breakable(step.key)}</td><td class='number'>{shown_value(step.present)}</td>"
        f"<td class='number'>{shown_value(step.proposed)}</td><td>{_effects(step.effects)}</td></tr>\n"
        for step in proposal.steps
    )
    return (
        "<h2>What each change gains and loses</h2>\n<p class='sub'>Against the proposal with this key alone "
        "left as it is.</p>\n<div class='wide'><table><tr><th>setting</th><th class='number'>now</th>"
        f"<th class='number'>proposed</th><th>events</th></tr>\n{rows}</table></div>\n"
    )


def _breakable(keys: str) -> str:
    """Return keys that a narrow column breaks at their joints."""
    return escape(keys).replace(".", ".<wbr>").replace("_", "_<wbr>")


def _effects(effects: Iterable[Effect]) -> str:
    items = "".join(
        f'<li class="{"gain" if effect.turn.is_gain else "loss"}">{escape(effect_text(effect))}</li>'
        for effect in effects
    )
    return f"<ul>{items}</ul>" if items else "none of the labelled ones"


def _curve(proposal: Proposal) -> str:
    rows = "".join(_curve_row(point) for point in proposal.curve)
    return (
        "<div class='wide'><table><tr><th class='number'>missed</th><th class='number'>false</th>"
        f"<th class='number'>a day</th><th>with</th></tr>\n{rows}</table></div>\n"
    )


def _curve_row(point: Point) -> str:
    changes = ", ".join(f"{change.key} {shown_value(change.value)}" for change in point.changes)
    tally = point.tally
    return (
        f"<tr><td class='number'>{tally.missed} of {tally.truths}</td><td class='number'>{tally.false}</td>"
        f"<td class='number'>{shown_rate(tally.false_per_day)}</td>"
        f"<td class='key'>{_breakable(changes or 'the present settings')}</td></tr>\n"
    )


def _patch(proposal: Proposal) -> str:
    if not proposal.steps:
        return ""
    return f"<h2>For the settings file</h2>\n<pre>{escape(patch_text(proposal, ()))}</pre>\n"


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(_items(texts))}</ul>\n"


def _items(texts: Iterable[str]) -> Iterator[str]:
    return (f"<li>{escape(text)}</li>" for text in texts)
