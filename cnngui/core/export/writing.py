"""A network as a file of each format. It imports TensorFlow: use it after ``start_tensorflow``."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.export.formats import Format

if TYPE_CHECKING:
    import keras

NO_CALIBRATION = (
    "8 bits are calibrated with pictures like those of the training, and these are not on this computer. "
    "Name a folder with pictures of the model’s classes, under “Compare on” or with --data, or choose a format in "
    "float32."
)


def write_model(
    network: "keras.Model", chosen: Format, folder: Path, images: NDArray[np.uint8], ready: bytes | None
) -> str:
    """Write the network, from :func:`cnngui.core.models.file.load`, into the folder.

    images: for calibration, uint8 (n, height, width, 3).
    ready: the same in 8 bits, for LiteRT, if it lies beside the model. It is used where there are no images.
    Returns the name of the file that holds its weights, within the folder.
    Raises UserError if the format cannot hold the network or there are no pictures to calibrate it, and OSError.
    """
    path = folder / chosen.file
    if not chosen.is_exact and not len(images):
        if chosen.key != "litert-int8" or ready is None:
            raise UserError(NO_CALIBRATION)
        path.write_bytes(ready)
        return chosen.file
    match chosen.key:
        case "keras":
            from cnngui.core.export import keras

            keras.write(network, path)
        case "savedmodel":
            from cnngui.core.export import saved_model

            saved_model.write(network, path)
            return f"{chosen.file}/saved_model.pb"  # the weights are constants
        case "litert":
            from cnngui.core.export import litert

            path.write_bytes(litert.content(network))
        case "litert-int8":
            from cnngui.core.export import litert_int8

            path.write_bytes(litert_int8.content(network, images))
        case "onnx":
            from cnngui.core.export import onnx

            path.write_bytes(onnx.content(network))
        case "onnx-int8":
            from cnngui.core.export import onnx_int8

            path.write_bytes(onnx_int8.content(network, images))
    return chosen.file
