"""The formats that a model can be exported to, for the command line and the window."""

from dataclasses import dataclass
from importlib.util import find_spec

from cnngui.core.errors import UserError
from cnngui.core.sentences import some_of


@dataclass(frozen=True)
class Format:
    """A format.

    key: its name on the command line. title, purpose: for the user; the purpose is a sentence for beginners.
    file: the name of the model's file or folder in an export.
    needs: the packages that write it and answer with it, as Python imports them; extra: of cnngui, which installs them.
    runtime: what a computer needs that answers with an export, as pip calls it.
    bytes_per_weight: about the size of a file.
    speed: of one picture at a time on a processor, beside the program’s, in words.
    """

    key: str
    title: str
    purpose: str
    file: str
    needs: tuple[str, ...]
    runtime: str
    bytes_per_weight: int = 4
    extra: str = ""
    speed: str = "slower"

    @property
    def is_exact(self) -> bool:
        """Whether it answers as the model does, but for rounding."""
        return self.bytes_per_weight == 4

    @property
    def has_page(self) -> bool:
        """Whether a web page comes with it."""
        return self.file.endswith(".onnx")

    @property
    def missing(self) -> tuple[str, ...]:
        """The packages that it needs and that are not installed."""
        return tuple(name for name in self.needs if find_spec(name) is None)

    @property
    def install(self) -> str:
        """The line that installs what it needs."""
        return f'pip install "cnngui[{self.extra}]"' if self.extra else f"pip install {self.runtime}"

    def check(self) -> None:
        """Raises UserError with the line that installs what is missing, if something is."""
        if missing := self.missing:
            raise UserError(f"{self.title} needs {some_of(missing, 9)}. Install it with: {self.install}")


_ONNX = ("onnx", "onnxruntime", "tf2onnx")

FORMATS = (
    Format(
        "keras",
        "Keras",
        "For Python programs that use Keras, and to train further with it.",
        "model.keras",
        ("keras",),
        "keras tensorflow",
    ),
    Format(
        "savedmodel",
        "TensorFlow SavedModel",
        "For servers and programs that use TensorFlow.",
        "model",
        ("tensorflow",),
        "tensorflow",
    ),
    Format(
        "litert",
        "LiteRT (TensorFlow Lite)",
        "For phones and small computers; the answers are exactly those of the model.",
        "model.tflite",
        ("ai_edge_litert",),
        "ai-edge-litert",
    ),
    Format(
        "litert-int8",
        "LiteRT, 8 bits",
        "For phones and small computers: a quarter of the size, and the fastest; answers differ a little.",
        "model.tflite",
        ("ai_edge_litert",),
        "ai-edge-litert",
        bytes_per_weight=1,
        speed="as fast",
    ),
    Format(
        "onnx",
        "ONNX",
        "For nearly any programming language, and for web pages: a page to drop pictures on comes with it.",
        "model.onnx",
        _ONNX,
        "onnxruntime",
        extra="export",
    ),
    Format(
        "onnx-int8",
        "ONNX, 8 bits",
        "As ONNX, at a quarter of the size, which web pages load sooner; answers differ a little.",
        "model.onnx",
        _ONNX,
        "onnxruntime",
        bytes_per_weight=1,
        extra="export",
        speed="nearly as fast",
    ),
)


def find(key: str) -> Format:
    """The format of that name. Raises UserError if there is none."""
    for each in FORMATS:
        if each.key == key:
            return each
    raise UserError(f"There is no format “{key}”. Choose {', '.join(each.key for each in FORMATS)}.")
