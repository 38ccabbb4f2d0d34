"""Which of Keras' own classes a model's file may name: a new version of Keras makes someone look at what is new."""

import inspect
from importlib import import_module

import keras
import pytest
from keras.src.ops.operation import Operation

from cnngui.core.models.opening.allowed import APPLICATIONS, INITIALIZERS, LAYERS, MODULES, NETWORKS

LEFT_OUT = {
    "foreign code": "FlaxLayer JaxLayer Lambda TFSMLayer TorchModuleWrapper",
    "what layers are derived from": "Layer Wrapper",
    "text": "HashedCrossing Hashing IntegerLookup StringLookup TextVectorization",
    "sound": "MelSpectrogram STFTSpectrogram",
    "bounding boxes": "MaxNumBoundingBoxes",
    "unrolled before it can be counted": "ContrastLimitedAdaptiveHistogramEqualization TimeDistributed",
}


def test_every_layer_of_keras_is_allowed_or_left_out_for_a_reason() -> None:
    exported = {name: each.__name__ for name, each in vars(keras.layers).items() if inspect.isclass(each)}
    own = {kind if hasattr(keras.layers, kind) else name for name, kind in exported.items()} - {"InputSpec"}
    assert own - LAYERS == set(" ".join(LEFT_OUT.values()).split())
    assert own >= LAYERS - NETWORKS


@pytest.mark.parametrize("module", [name for name in MODULES if "src" in name and "models" not in name])
def test_what_is_allowed_exists_and_is_written_so(module: str) -> None:
    """Keras writes a class under its own name, and not under that of another module."""
    for kind in MODULES[module]:
        found = getattr(import_module(module), kind)
        assert issubclass(found, Operation)
        assert (found.__module__, found.__name__) == (module, kind)


def test_initializers_constraints_and_regularizers() -> None:
    for module, others in (("initializers", {"Initializer", "STFT"}), ("constraints", {"Constraint"})):
        own = {each.__name__ for each in vars(getattr(keras, module)).values() if inspect.isclass(each)}
        assert own - MODULES[f"keras.{module}"] == others
    assert MODULES["keras.initializers"] == INITIALIZERS
    regularizers = {each.__name__ for each in vars(keras.regularizers).values() if inspect.isclass(each)}
    assert regularizers - {"Regularizer"} == MODULES["keras.regularizers"]


def test_layers_of_published_networks() -> None:
    """Every class of keras.applications that is a layer."""
    from keras.src import applications

    for name in vars(applications):
        module = f"keras.src.applications.{name}"
        members = vars(getattr(applications, name)).values() if inspect.ismodule(getattr(applications, name)) else ()
        own = {each.__name__ for each in members if inspect.isclass(each) and each.__module__ == module}
        assert own == APPLICATIONS.get(module, frozenset())
