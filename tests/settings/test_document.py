"""What is no settings file is told in a sentence with its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from monitor.settings import load_settings
from monitor.settings.document import dump, parse, parse_value
from monitor.settings.load import LARGEST_BYTES
from tests.settings.given import Write, problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("motion:\n\tk_sigma: 3\n", "m.yaml:2: not valid YAML: a tab; indent with spaces"),
        ("- 1\n- 2\n", "m.yaml:1: not valid YAML: the file must hold keys with values, as `motion:`"),
        ("hello", "m.yaml:1: not valid YAML: the file must hold keys with values, as `motion:`"),
        ("motion: {k_sigma: 3\n", "m.yaml:2: not valid YAML: "),
        ("a: 1\n---\nb: 2\n", "m.yaml:2: not valid YAML: "),
        (
            "a: &x 1\nb: *x\n",
            "m.yaml:2: not valid YAML: aliases (*name) are not supported",
        ),
        ("? [a, b]\n: 1\n", "m.yaml:1: not valid YAML: a key must be a plain word"),
        (
            "preset: !!python/name:os.system x\n",
            "m.yaml:1: not valid YAML: tag tag:yaml.org",
        ),
        ("preset: !!int x\n", "m.yaml:1: not valid YAML: 'x' does not fit its tag; leave the tag out"),
        ("preset: 1\n\x00\x01", "m.yaml:2: holds a control character; is this a text file?"),
        ("[" * 5000, "m.yaml: nested too deeply"),
    ],
    ids=["tab", "list", "word", "open", "two", "alias", "key", "python", "tag", "control", "deep"],
)
def test_text_that_is_no_settings_is_told_with_its_line(write: Write, text: str, problem: str) -> None:
    (told,) = problems(write(text))
    assert told.startswith(problem)


def test_keys_given_twice_are_told_beside_the_other_mistakes(write: Write) -> None:
    file = write("motion:\n  k_sigma: 3\n  k_sigma: 4\nclips: {mode: fast}\n")
    assert problems(file) == [
        "m.yaml:3: motion.k_sigma: given twice, first in line 2; keep one",
        "m.yaml:4: clips.mode = fast: must be copy or encode",
    ]


def test_a_missing_file_is_told_how_to_make_one() -> None:
    assert problems(Path("none.yaml")) == [
        "none.yaml: no such file; `monitor config init none.yaml` writes one"
    ]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path)
    assert problem == f"{tmp_path}: cannot be read: Is a directory"


def test_a_file_without_permission_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert problems(file) == ["m.yaml: cannot be read: Permission denied"]


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(bytes(range(256)))
    assert problems(file) == [f"{file}: not UTF-8 text; is this a settings file?"]


def test_a_file_of_any_length_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"#" * (LARGEST_BYTES + 1))
    assert problems(file) == [f"{file}: larger than {LARGEST_BYTES} bytes; this is no settings file"]


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"\xef\xbb\xbfclips: {enabled: false}\r\n")
    assert load_settings(file).clips.enabled is False


@examples(derandomize=True, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:{}[],'\"!&*?-#|>%@ \t\n01.~é\x07"), max_size=30))
def test_no_text_makes_the_reader_fail_without_a_sentence(text: str) -> None:
    layer = parse(text, "m.yaml")
    assert all(problem.startswith("m.yaml") for problem in layer.problems)
    assert not (layer.problems and layer.values) or "given twice" in layer.problems[0]


@examples(derandomize=True, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=5,
    )
)
def test_a_value_written_out_reads_back_equal(value: Any) -> None:
    # As text, so that 1, 1.0 and True differ.
    assert repr(as_lists(parse_value(dump(value)))) == repr(value)


def as_lists(value: Any) -> Any:
    return [as_lists(item) for item in value] if isinstance(value, tuple) else value
