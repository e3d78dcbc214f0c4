"""What memory a process holds, and what it gives back."""

from monitor.memory import give_back_memory, memory_bytes


def test_giving_memory_back_does_no_harm_to_what_is_used() -> None:
    kept = [bytes(1000) for _ in range(1000)]
    give_back_memory()
    assert all(each == bytes(1000) for each in kept)


def test_memory_given_back_is_not_held_any_more() -> None:
    # So small that they lie in the heap, and between them something that stays, so that nothing ends it.
    gone = [bytearray(60_000) for _ in range(1000)]
    kept = bytearray(60_000)
    before = memory_bytes()
    del gone
    give_back_memory()
    after = memory_bytes()
    assert len(kept) == 60_000
    assert before is None or after is None or after < before
