from pathlib import Path

import pytest

from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout, claim_folder


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(claim_folder(tmp_path, "scene"))


@pytest.fixture
def ledger(layout: Layout) -> FileLedger:
    return FileLedger(layout.folder)
