"""Read a file of CIFAR-10's Python version, a pickle, without running it.

A pickle is a program that may do anything, so none is ever loaded. ``pickletools`` lists the opcodes; this module
follows the few that these files need and refuses the others. What the pickle would call or import is noted, not done.
"""

import pickletools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import Stopped
from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.reading import opened

PIXELS = 3 * 32 * 32
_CHUNK = 1 << 20  # bytes read at once; other threads can run in between
_OPCODES_PER_STOP_CHECK = 1000
_OPCODES_PER_RECORD = 10  # the original has three: the label, the file's name and its place in the memo

_NUMBERS = {"BININT", "BININT1", "BININT2"}
_TEXTS = {"SHORT_BINSTRING", "BINSTRING", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"}
_BYTES = {"SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"}
_VALUES = _NUMBERS | _TEXTS | _BYTES
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_ARRAYS = ("numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct")  # in NumPy 1, in NumPy 2
_BUFFERS = ("numpy.core.numeric _frombuffer", "numpy._core.numeric _frombuffer")  # from protocol 5 on


@dataclass(frozen=True)
class _Global:
    """Something that the pickle would import."""

    name: str  # module and name, with a space in between


@dataclass(eq=False)
class _Call:
    """A call that the pickle would make. state: what it would then give the result."""

    function: str
    arguments: object
    state: object = None


def read(path: Path, records: int, should_stop: ShouldStop = never_stop) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The pixels, uint8 (records, 3072), each row three planes of 32×32, and the labels, int32 (records,), not checked.

    Raises ValueError if the file is damaged or another pickle, OSError if it cannot be read, and Stopped.
    """
    contents = _follow(_bytes(path, should_stop), records, should_stop)
    labels = contents.get("labels")
    if not isinstance(labels, list) or len(labels) != records or any(type(label) is not int for label in labels):
        raise ValueError("no list of labels")
    return _pixels(contents.get("data"), records), np.array(labels, np.int32)


def _bytes(path: Path, should_stop: ShouldStop) -> bytes:
    pieces = []
    with opened(path) as file:
        while piece := file.read(_CHUNK):
            if should_stop():
                raise Stopped
            pieces.append(piece)
    return b"".join(pieces)


def _follow(pickle: bytes, records: int, should_stop: ShouldStop) -> dict[str, object]:
    """The dictionary in the pickle. Its number of opcodes is limited, and so is the memory that it takes."""
    machine = _Machine()
    try:
        for count, (opcode, argument, position) in enumerate(pickletools.genops(pickle)):
            if count % _OPCODES_PER_STOP_CHECK == 0 and should_stop():
                raise Stopped
            if count > (records + 100) * _OPCODES_PER_RECORD:
                raise ValueError("too many opcodes")
            if opcode.name != "STOP":
                machine.do(opcode.name, argument)
            elif position != len(pickle) - 1:
                raise ValueError("more after the end")
    except LookupError as error:  # the stack, the marks or the memo lack something
        raise ValueError("a damaged pickle") from error
    match machine.stack:
        case [dict(contents)]:
            return contents
    raise ValueError("no dictionary")


class _Machine:
    """Follows the opcodes that make up plain values and notes the calls."""

    def __init__(self) -> None:
        self.stack: list[object] = []
        self._marks: list[int] = []
        self._memo: dict[object, object] = {}

    def do(self, name: str, argument: object) -> None:
        """Follow one opcode. Raises ValueError if these files have no such opcode, LookupError if something lacks."""
        stack = self.stack
        if name in _VALUES:
            stack.append(argument)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in _TUPLES:
            stack.append(tuple([stack.pop() for _ in range(_TUPLES[name])][::-1]))
        else:
            match name:
                case "PROTO" | "FRAME":
                    pass
                case "BINPUT" | "LONG_BINPUT":
                    self._memo[argument] = stack[-1]
                case "MEMOIZE":
                    self._memo[len(self._memo)] = stack[-1]
                case "BINGET" | "LONG_BINGET":
                    stack.append(self._memo[argument])
                case "MARK":
                    self._marks.append(len(stack))
                case "TUPLE":
                    stack.append(tuple(self._from_mark()))
                case "EMPTY_LIST":
                    stack.append([])
                case "APPEND":
                    self._append([stack.pop()])
                case "APPENDS":
                    self._append(self._from_mark())
                case "EMPTY_DICT":
                    stack.append({})
                case "SETITEM":
                    self._set([stack.pop(), stack.pop()][::-1])
                case "SETITEMS":
                    self._set(self._from_mark())
                case "GLOBAL":
                    stack.append(_Global(str(argument)))
                case "STACK_GLOBAL":
                    attribute, module = stack.pop(), stack.pop()
                    stack.append(_Global(f"{_text(module)} {_text(attribute)}"))
                case "REDUCE":
                    arguments, function = stack.pop(), stack.pop()
                    stack.append(_call(function, arguments))
                case "BUILD":
                    self._build(stack.pop())
                case _:
                    raise ValueError(f"the opcode {name}")

    def _from_mark(self) -> list[object]:
        start = self._marks.pop()
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def _append(self, values: list[object]) -> None:
        target = self.stack[-1]
        if not isinstance(target, list):
            raise ValueError("an item of what is no list")
        target.extend(values)

    def _set(self, pairs: list[object]) -> None:
        target = self.stack[-1]
        if not isinstance(target, dict) or len(pairs) % 2:
            raise ValueError("an entry of what is no dictionary")
        target.update(zip(map(_text, pairs[::2]), pairs[1::2], strict=True))

    def _build(self, state: object) -> None:
        target = self.stack[-1]
        if not isinstance(target, _Call):
            raise ValueError("a state of what is no object")
        target.state = state


def _call(function: object, arguments: object) -> object:
    match function, arguments:
        case _Global("_codecs encode"), (str(text), "latin1"):  # how Python 3 writes bytes in protocol 2
            return text
        case _Global(name), _:
            return _Call(name, arguments)
    raise ValueError("a call of what is no function")


def _text(value: object) -> str:
    """A key or a name: a str, or bytes in copies that Python 3 has made of Python 2's strings."""
    match value:
        case str(text):
            return text
        case bytes(raw):
            return raw.decode("latin-1")
    raise ValueError("a key that is no text")


def _pixels(array: object, records: int) -> NDArray[np.uint8]:
    """The array that ``numpy`` would make."""
    match array:
        case _Call(str(function), _, (_, shape, kind, bool(by_column), raw)) if function in _ARRAYS:
            pass
        case _Call(str(function), (raw, kind, shape, "C" | "F" as order)) if function in _BUFFERS:
            by_column = order == "F"
        case _:
            raise ValueError("no array")
    match kind:
        case _Call("numpy dtype", ("u1", *_)):
            pass
        case _:
            raise ValueError("an array of another type")
    if isinstance(raw, str):
        raw = raw.encode("latin-1")  # ValueError if that is no text for bytes
    if shape != (records, PIXELS) or not isinstance(raw, bytes | bytearray) or len(raw) != records * PIXELS:
        raise ValueError("an array of another size")
    return np.frombuffer(raw, np.uint8).reshape(shape, order="F" if by_column else "C")
