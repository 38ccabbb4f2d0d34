import errno
import io
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core import child as child_module
from cnngui.core.child import Child, ChildError, Message, TooCostlyError, receive, send
from cnngui.core.errors import UserError

MODULE = "tests.core.strange_child"
MEGABYTES = 200


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child(MODULE, MEGABYTES)
    yield child
    child.close()


def ask(child: Child, do: str, contents: bytes = b"", seconds: float = 20, **request: Any) -> list[Message]:
    return list(child.ask({"do": do, **request}, contents, seconds=seconds, max_bytes=1500))


def test_it_answers_again_and_again(child: Child) -> None:
    for number in range(3):
        assert ask(child, "echo", b"\0\xff", same=["é", number]) == [
            ({"first": True}, b""),
            ({"same": ["é", number]}, b"\0\xff"),
        ]
    assert not child.has_ended


def test_a_user_error_is_an_answer(child: Child) -> None:
    with pytest.raises(UserError, match=r"^It is not what it should be\.$"):
        ask(child, "refuse")
    assert ask(child, "echo", same=1)


@pytest.mark.parametrize("do", ["crash", "exit", "raise", "too much"])
def test_what_goes_wrong_ends_it(child: Child, do: str) -> None:
    with pytest.raises(ChildError) as caught:
        ask(child, do)
    assert not isinstance(caught.value, TooCostlyError)
    assert child.has_ended
    with pytest.raises(ChildError):
        ask(child, "echo", same=1)


def test_it_ends_if_it_takes_too_long(child: Child) -> None:
    ask(child, "echo", same=1)  # it has started
    began = time.monotonic()
    with pytest.raises(TooCostlyError):
        ask(child, "hang", seconds=0.2)
    assert time.monotonic() - began < 5
    assert child.has_ended


def test_time_for_which_it_waits_for_a_processor_does_not_count(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(child, "echo", same=1)
    monkeypatch.setattr(child_module, "_waited", lambda process: 0.9 * time.monotonic())
    assert ask(child, "sleep", moment=0.5, seconds=0.2)
    with pytest.raises(TooCostlyError):  # but it does not last for ever
        ask(child, "sleep", moment=20, seconds=0.2)


def test_time_for_which_its_own_threads_wait_for_each_other_counts(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(child, "echo", same=1)
    monkeypatch.setattr(child_module, "_waited", lambda process: 0.9 * time.monotonic())
    monkeypatch.setattr(child_module, "_worked", lambda process: 2 * time.monotonic())
    with pytest.raises(TooCostlyError):
        ask(child, "sleep", moment=0.5, seconds=0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say")
def test_a_process_that_has_waited_for_a_processor(child: Child) -> None:
    ask(child, "echo", same=1)
    assert 0 <= child_module._waited(child._process.pid) < 60
    assert 0 < child_module._worked(child._process.pid) < 60
    assert child_module._waited(2**30) == child_module._worked(2**30) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory")
def test_it_ends_if_it_takes_too_much_memory(child: Child) -> None:
    assert ask(child, "take", bytes=100_000_000)
    with pytest.raises(TooCostlyError):
        ask(child, "take", bytes=300_000_000)


def test_it_ends_if_its_messages_are_not_taken(child: Child) -> None:
    messages = child.ask({"do": "echo", "same": 1}, seconds=20, max_bytes=100)
    next(messages)
    del messages
    assert child.has_ended


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of POSIX")
def test_ctrl_c_is_the_parent_s(child: Child) -> None:
    ask(child, "echo", same=1)
    os.kill(child._process.pid, signal.SIGINT)
    assert ask(child, "echo", same=2)


def test_it_ends_with_its_parent(child: Child) -> None:
    ask(child, "echo", same=1)
    child._requests.close()
    assert child._process.wait(20) == 0


def test_a_system_that_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", refused)
    with pytest.raises(UserError, match="Close other programs"):
        Child(MODULE, MEGABYTES)


def test_a_module_that_is_none() -> None:
    child = Child("tests.core.no_such_module", MEGABYTES)
    with pytest.raises(ChildError):
        ask(child, "echo", same=1)


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none()), st.binary())
def test_messages(told: dict[str, Any], contents: bytes) -> None:
    pipe = io.BytesIO()
    send(pipe, told, contents)
    whole = pipe.getvalue()
    assert receive(io.BytesIO(whole), len(contents)) == (told, contents)
    assert receive(io.BytesIO(whole[:-1]), len(contents)) is None
    if contents:
        with pytest.raises(ValueError, match="too long"):
            receive(io.BytesIO(whole), len(contents) - 1)


@pytest.mark.parametrize("text", [b"[1]", b"{", b"\xff", b'"end"'])
def test_a_message_that_is_none(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        receive(io.BytesIO(struct.pack(">IQ", len(text), 0) + text), 100)
