"""The file beside a model that answers for it without TensorFlow: LiteRT, in 8 bits.

TensorFlow takes seconds to import, and is slower. LiteRT trusts the files that it opens, so cnngui opens only its own:
each begins with a digest of the model and the rest, with a key that never leaves this computer. A file that is changed,
cut short, of another model or from another computer is passed over, and TensorFlow answers.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core import device
from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.greetings import without_greetings
from cnngui.core.reading import read_bytes

Answer = Callable[[NDArray[np.uint8]], list[NDArray[np.float32]]]
"""Images, uint8 (n, height, width, 3), to [probabilities (n, classes), features (n, units)], float32."""

IMAGES, PROBABILITIES, FEATURES = "images", "probabilities", "features"
"""The names of the input and the outputs."""

MOST_BYTES = 200_000_000  # of a file
MOST_THREADS = 4  # one image is too little work for more

_DIGEST_BYTES = _KEY_BYTES = 32


def litert_path(model: Path) -> Path:
    """The path of the file beside a model."""
    return model.with_suffix(".litert")


def write(model: Path, content: bytes) -> None:
    """Write the file beside the saved model. content: what LiteRT opens. Raises OSError."""
    digest = _digest(model, content)
    with replacing(litert_path(model)) as new:
        new.write_bytes(digest + content)


def read(model: Path) -> bytes | None:
    """What LiteRT opens, for the model at this path; None if there is no such file that was made here for it."""
    try:
        found = read_bytes(litert_path(model), MOST_BYTES)
        digest, content = found[:_DIGEST_BYTES], found[_DIGEST_BYTES:]
        return content if hmac.compare_digest(digest, _digest(model, content)) else None
    except (OSError, ValueError, UserError):
        return None


class Opened(NamedTuple):
    """What answers, for one caller at a time, the (height, width) of its images, and the number of its classes."""

    answer: Answer
    image_size: tuple[int, int]
    classes: int


def opened(content: bytes) -> Opened:
    """What :func:`read` has found, opened."""
    from ai_edge_litert.interpreter import Interpreter

    with without_greetings("INFO: Created TensorFlow Lite XNNPACK delegate"):
        interpreter = Interpreter(model_content=content, num_threads=min(device.core_count(), MOST_THREADS))
        interpreter.allocate_tensors()
    (taken,) = interpreter.get_input_details()
    runner = interpreter.get_signature_runner()
    described = runner.get_output_details()
    outputs = [described[name]["index"] for name in (PROBABILITIES, FEATURES)]

    def answer(images: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        rows: list[list[NDArray[np.float32]]] = [[] for _ in outputs]
        for image in images:
            interpreter.set_tensor(taken["index"], image[np.newaxis])
            interpreter.invoke()
            for row, output in zip(rows, outputs, strict=True):
                row.append(interpreter.get_tensor(output))
        return [np.concatenate(row) for row in rows]

    _, height, width, _ = taken["shape"].tolist()
    return Opened(answer, (height, width), described[PROBABILITIES]["shape"].tolist()[-1])


def _digest(model: Path, content: bytes) -> bytes:
    """The digest of a model's file and what answers for it. Raises OSError."""
    shipped = paths.shipped_model()
    # What lies in the program's own folder can be trusted, but not what lies beside a link to its model.
    is_shipped = model.parent.resolve() / model.name == shipped.parent.resolve() / shipped.name
    key = b"" if is_shipped else _key()
    with model.open("rb") as file:
        of_model = hashlib.file_digest(file, "blake2b").digest()
    return hashlib.blake2b(of_model + content, key=key, digest_size=_DIGEST_BYTES).digest()


def _key() -> bytes:
    """This user's secret, made when it is first needed, or cut short. Raises OSError."""
    path = paths.key_file()
    with suppress(FileNotFoundError):
        if len(key := path.read_bytes()) == _KEY_BYTES:  # anyone knows an empty one
            return key
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, new = tempfile.mkstemp(dir=path.parent)  # which nobody else may read
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
        file.flush()
        os.fsync(handle)
    Path(new).replace(path)
    return path.read_bytes()
