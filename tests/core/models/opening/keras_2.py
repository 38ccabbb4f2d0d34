"""Writes ``.h5`` files as Keras 2 and Teachable Machine do: their configuration, and weights of a Keras 3 network."""

import json
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

Config = dict[str, Any]


def layer(kind: str, name: str, *inputs: str, **settings: Any) -> Config:
    """A layer of a Functional network: what it is called with stands in ``inputs``."""
    nodes = [[[source, 0, 0, {}] for source in inputs]] if inputs else []
    config = {"name": name, "trainable": True, "dtype": "float32", **settings}
    return {"class_name": kind, "config": config, "name": name, "inbound_nodes": nodes}


def functional(name: str, layers: list[Config], kind: str = "Functional") -> Config:
    """A network whose first layer is its input, and whose last is its output."""
    ends = {"input_layers": [[layers[0]["name"], 0, 0]], "output_layers": [[layers[-1]["name"], 0, 0]]}
    return {"class_name": kind, "config": {"name": name, "layers": layers, **ends}}


def sequential(name: str, layers: list[Config]) -> Config:
    """Layers one after the other."""
    return {"class_name": "Sequential", "config": {"name": name, "layers": layers}}


def write(path: Path, config: Config, network: keras.Model) -> Path:
    """Write the file, with the weights of this network, which has the same layers."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "2.4.0"
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [each.name.encode() for each in network.layers]
        for each in network.layers:
            inner = group.create_group(each.name)
            weights = [*each.trainable_weights, *each.non_trainable_weights]
            names = [f"{each.name}/weight_{number}:0" for number in range(len(weights))]
            inner.attrs["weight_names"] = np.array([name.encode() for name in names], "S100")
            for name, weight in zip(names, weights, strict=True):
                inner[name] = weight.numpy()
    return path


def teachable_machine(path: Path, side: int = 96) -> keras.Model:
    """Write what Teachable Machine exports, with a very small MobileNet; returns the same network of Keras 3."""
    from keras import layers

    image = keras.Input((side, side, 3))
    x = layers.ZeroPadding2D(((0, 1), (0, 1)))(image)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(4, 3, strides=4, use_bias=False)(x)))
    x = layers.BatchNormalization()(layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x))
    body = keras.Sequential([keras.Model(image, x), layers.GlobalAveragePooling2D()])
    head = keras.Sequential([layers.Dense(5, activation="relu"), layers.Dense(3, activation="softmax", use_bias=False)])
    network = keras.Sequential([keras.Input((side, side, 3)), body, head])
    shape = [None, side, side, 3]
    same = {"kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1, "mode": "fan_avg"}}}
    mobile_net = functional(
        "model1",
        [
            layer("InputLayer", "input_1", batch_input_shape=shape, sparse=False),
            layer("ZeroPadding2D", "pad", "input_1", padding=[[0, 1], [0, 1]], data_format="channels_last"),
            layer("Conv2D", "conv", "pad", filters=4, kernel_size=[3, 3], strides=[4, 4], use_bias=False, **same),
            layer("BatchNormalization", "normal", "conv", axis=[3], momentum=0.99, epsilon=0.001),
            layer("ReLU", "relu", "normal", max_value=6.0, negative_slope=0.0, threshold=0.0),
            layer("DepthwiseConv2D", "deep", "relu", kernel_size=[3, 3], padding="same", use_bias=False, groups=1),
            layer("BatchNormalization", "normal_2", "deep", axis=[3], momentum=0.99, epsilon=0.001),
        ],
        kind="Model",
    )
    pooling = {"class_name": "GlobalAveragePooling2D", "config": {"name": "pool", "data_format": "channels_last"}}
    dense: list[Config] = [
        {"class_name": "Dense", "config": {"name": "dense_1", "units": 5, "activation": "relu"}},
        {"class_name": "Dense", "config": {"name": "dense_2", "units": 3, "activation": "softmax", "use_bias": False}},
    ]
    dense[0]["config"]["batch_input_shape"] = [None, 4]
    parts = [sequential("sequential_1", [mobile_net, pooling]), sequential("sequential_3", dense)]
    write(path, sequential("sequential_4", parts), network)
    return network
