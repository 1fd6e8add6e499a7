"""Merkle trees: known answers of RFC 6962's test data, and every proof of every size."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.merkle import leaf_hash, proof, root, root_from

pytestmark = pytest.mark.unit

# the inputs and roots that certificate-transparency's own tests use
INPUTS = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
INPUTS.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size: int) -> None:
    assert root([leaf_hash(entry) for entry in INPUTS[:size]]).hex() == ROOTS[size - 1]


def test_no_entries_have_a_root_too() -> None:
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", [*range(1, 18), 31, 100])
def test_every_entry_can_be_proved_and_no_other(size: int) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    whole = root(leaves)
    for index, leaf in enumerate(leaves):
        path = proof(leaves, index)
        assert root_from(leaf, index, size, path) == whole
        assert root_from(leaf_hash(b"other"), index, size, path) != whole
        assert root_from(leaf, index, size, [*path, b"x" * 32]) is None
        if path:
            assert root_from(leaf, index, size, path[:-1]) is None
    assert root_from(leaves[0], size, size, []) is None


@settings(deadline=None)
@given(entries=st.lists(st.binary(max_size=8), min_size=1, max_size=40), data=st.data())
def test_a_changed_entry_changes_the_root(entries: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries]
    changed[at] += b"!"
    assert root([leaf_hash(one) for one in entries]) != root([leaf_hash(one) for one in changed])
