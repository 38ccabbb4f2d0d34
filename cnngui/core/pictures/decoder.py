"""The process that :mod:`cnngui.core.pictures.decoder_pool` starts: it decodes one picture after another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cnngui.core.child import Sent
from cnngui.core.child_side import serve
from cnngui.core.pictures import decoding, profiles


def answer(request: dict[str, Any], contents: bytes) -> Iterator[Sent]:
    """The picture's size, with its pixels in RGB. It is shrunk here, so that little need be sent."""
    with decoding.opened(Path(request["path"]) if request["path"] else contents) as file:
        image = decoding.decode(file, request["min_side"])
    image = profiles.shrunk(image, request["min_side"])
    yield {"size": image.size}, image.tobytes()


if __name__ == "__main__":
    serve(answer)
