"""Text from outside, such as a file's name, as it may go to a terminal."""

from rich.markup import escape


def printed(text: str) -> str:
    """Return text with its signs that cannot be printed written out, and its brackets safe from markup.

    A file's name may hold line ends, bytes of another encoding, and codes that terminals obey.
    """
    return escape("".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text))
