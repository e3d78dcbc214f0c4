"""The proposed settings as YAML to be put into a settings file, with what each value gains and loses."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from monitor.tuning.proposal import Proposal, Step
from monitor.tuning.report.wording import effect_text, shown_value, verdict_text

_WIDTH = 100
_NAMED = 12
"""Events that are named for each value, of either kind."""


def patch_text(proposal: Proposal, about: Sequence[str]) -> str:
    """Return the patch; where nothing is proposed it holds comments alone. `about` are lines for its head."""
    lines = [f"# {line}" for text in (verdict_text(proposal), *about) for line in _wrapped(text, 2)]
    tree: dict[str, Any] = {}
    for step in proposal.steps:
        *path, last = step.key.split(".")
        section = tree
        for part in path:
            section = section.setdefault(part, {})
        section[last] = step
    return "\n".join((*lines, *_yaml(tree, 0))) + "\n"


def _yaml(tree: dict[str, Any], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for name, value in tree.items():
        if isinstance(value, Step):
            for line in _comments(value):
                yield from (f"{pad}# {part}" for part in _wrapped(line, len(pad) + 2))
            yield f"{pad}{name}: {shown_value(value.proposed)}"
        else:
            yield f"{pad}{name}:"
            yield from _yaml(value, depth + 1)


def _comments(step: Step) -> Iterator[str]:
    yield f"{shown_value(step.present)} until now. With this value alone left as it was:"
    for is_gain, nothing in ((True, "nothing would be worse"), (False, "")):
        effects = [effect for effect in step.effects if effect.turn.is_gain is is_gain]
        mark = "gain" if is_gain else "loss"
        yield from (f"{mark}: {effect_text(effect)}" for effect in effects[:_NAMED])
        if len(effects) > _NAMED:
            yield f"{mark}: … and {len(effects) - _NAMED} more"
        if not effects and nothing:
            yield f"gain: none; {nothing}"


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, _WIDTH - indent, subsequent_indent="  ") or [""]
