"""`python -m benchmarks.page`: what the page is waited for and what it costs, into RESULTS.md.

The journal of a million events, 1.4 GB, is made on the first run (a minute or two) and kept in the cache.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.page import looking, questions, visits
from benchmarks.paths import cache_folder
from benchmarks.results import measured_on, write_sections

SECTIONS: dict[str, tuple[str, Callable[[], str]]] = {
    "questions": ("A million events", lambda: questions.measured(cache_folder())),
    "visits": ("The first view", lambda: visits.measured(cache_folder())),
    "looking": ("Looking at a camera", looking.measured),
}


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(SECTIONS)}; repeatable.")] = None,
) -> None:
    """Measure and write the results."""
    on = measured_on(("fastapi", "uvicorn", "sqlalchemy", "playwright"))
    for name in only or SECTIONS:
        heading, measured = SECTIONS[name]
        print(f"{name} …", flush=True)
        text = f"{measured()}\n{on}"
        write_sections(Path(__file__).with_name("RESULTS.md"), "The page", {heading: text})


if __name__ == "__main__":
    typer.run(main)
