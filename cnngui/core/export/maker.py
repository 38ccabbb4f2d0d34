"""The process in which :mod:`cnngui.core.export.making` has a model converted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cnngui.core.child import Sent
from cnngui.core.child_side import serve
from cnngui.core.models import file as model_file
from cnngui.core.models import litert

LEAST_EQUAL = 0.995  # of the classes


def answer(request: dict[str, Any], contents: bytes) -> Iterator[Sent]:
    """What LiteRT opens, for the model at ``request["model"]``; nothing if its answers are too different.

    contents: images of the model's size, uint8, of the shape ``request["shape"]``.
    """
    images = np.frombuffer(contents, np.uint8).reshape(request["shape"])
    network = model_file.load(Path(request["model"])).network
    from cnngui.core.export import litert_int8
    from cnngui.core.models.deployment import traced

    content = litert_int8.content(network, images[: litert_int8.CALIBRATION])
    exact, quick = traced(network, precision="float32"), litert.opened(content).answer
    classes = [
        np.concatenate([ask(images[at : at + 1])[0] for at in range(len(images))]).argmax(1) for ask in (exact, quick)
    ]
    if np.mean(classes[0] == classes[1]) >= LEAST_EQUAL:
        yield {}, content


if __name__ == "__main__":
    serve(answer)
