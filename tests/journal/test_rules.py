"""The leaf's bytes are final: these pin them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.journal import AT, ExampleEvent, secretary

from xianfeng.journal import checking, merkle, rules
from xianfeng.kernel.actors import SYSTEM, public_actor
from xianfeng.kernel.canonical import CanonicalError, canonical_bytes, commitment

# Made once with json and hashlib alone, not with the code under test.
LEAF = (
    '{"actor":{"deputy_for":"","duty":"secretary","id":"user000000000001","kind":"user",'
    '"label":"示例上级党委 书记","organisation":"org0000000000001"},"at":"2021-03-02T02:05:00.000000Z",'
    '"data":{"points":"88.5"},"event":"test:thing:happened",'
    '"personal":{"name":"079c87e9385fa6c76a1301fa21c154fd835451b9acb270b955a3e71231be6c7e"},'
    '"recorded_at":"2026-11-22T05:00:00.000012Z","seq":1,'
    '"subject":{"id":"thing0000000001","label":"示例一支部","type":"tests.thing"},"v":1}'
)
LEAF_HASH = "78c7e9ea1c46a48508f2f8db1d73b0e1caf9b04ed3434ed53fc1c620b9fababc"
CHAIN_HASH = "a8b43aeec035a5dcb272c6634796dd44018525f94c94b6081b9ab26f4d0b63d2"


def test_leaf_hash_and_chain_of_a_known_entry_never_change() -> None:
    leaf = rules.leaf_text(
        seq=1,
        event=ExampleEvent.HAPPENED,
        at=AT,
        recorded_at=datetime(2026, 11, 22, 5, 0, 0, 12, tzinfo=UTC),
        actor=rules.actor_part(secretary()),
        subject={"type": "tests.thing", "id": "thing0000000001", "label": "示例一支部"},
        data={"points": "88.5"},
        personal={"name": commitment("00ff", "name", "示例某")},
    )
    assert leaf == LEAF
    assert rules.leaf_digest(leaf) == LEAF_HASH
    assert rules.chain(rules.GENESIS, LEAF_HASH) == CHAIN_HASH


def test_no_actor_is_written_by_name() -> None:
    assert rules.actor_part(SYSTEM)["label"] == "系统"
    assert rules.actor_part(public_actor("示例某"))["label"] == "公众"
    assert "示例某" not in str(rules.actor_part(secretary()))


def test_values_become_exact_strings() -> None:
    given = {
        "points": Decimal("88.50"),
        "day": date(2021, 3, 2),
        "at": AT,
        "kind": ExampleEvent.HAPPENED,
        "word": gettext_lazy("同意"),
        "ids": ("b", "a"),
        "tags": {"b", "a"},
        "nested": {1: None, "yes": True},
    }
    assert rules.plain(given) == {
        "points": "88.50",
        "day": "2021-03-02",
        "at": "2021-03-02T02:05:00.000000Z",
        "kind": "test:thing:happened",
        "word": "同意",
        "ids": ["b", "a"],
        "tags": ["a", "b"],
        "nested": {"1": None, "yes": True},
    }


@pytest.mark.parametrize("value", [0.5, object(), b"bytes"])
def test_values_without_an_exact_form_are_refused(value: object) -> None:
    with pytest.raises(CanonicalError):
        rules.plain(value)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(value=json_values)
def test_the_quick_writer_writes_what_rfc_8785_wants(value: object) -> None:
    try:
        wanted = canonical_bytes(value)
    except CanonicalError:  # a lone surrogate in a key
        return
    assert rules.canonical_text(value).encode() == wanted


def test_keys_beyond_the_basic_plane_are_sorted_by_utf_16_units() -> None:
    assert rules.canonical_text({"\uffff": 1, "\U00020000": 2}) == '{"\U00020000":2,"\uffff":1}'


@given(parts=st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]))] * 3))
def test_the_quick_commitment_is_the_kernels(parts: tuple[str, str, str]) -> None:
    assert rules.commitment(*parts) == commitment(*parts)


def test_an_empty_log_holds() -> None:
    assert checking.verify([]) == checking.Verification(True, 0, rules.GENESIS, root=merkle.EMPTY_ROOT.hex())
