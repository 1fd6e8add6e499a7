"""A database and a store of recordings of a test's own; files that want others say so themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from recordings import StoreConfig
from tests.kit.recordings import make_config, make_database


@pytest.fixture
def config(tmp_path: Path) -> StoreConfig:
    return make_config(tmp_path)


@pytest.fixture
def db(tmp_path: Path) -> sessionmaker[Session]:
    return make_database(f"sqlite:///{tmp_path / 'rec.sqlite'}")
