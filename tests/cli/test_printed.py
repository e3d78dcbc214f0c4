"""Text from outside goes to the terminal without effect on it."""

import os

import pytest
from rich.text import Text

from monitor.cli.printed import printed


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("вход 1.mp4", "вход 1.mp4"),
        ("new\nline.mp4", "new\\nline.mp4"),
        ("\x1b[31mred.mp4", "\\x1b[31mred.mp4"),
        (os.fsdecode(b"caf\xe9.mp4"), "caf\\udce9.mp4"),
        ("12.00[M][0@0].mp4", "12.00[M][0@0].mp4"),
        ("[red]x[/].mp4", "[red]x[/].mp4"),
    ],
)
def test_a_name_is_shown_in_one_line_as_it_is(name: str, shown: str) -> None:
    assert Text.from_markup(printed(name)).plain == shown
