"""The devices that TensorFlow uses. Most functions import TensorFlow, which takes a second or two the first time."""

import os
import platform
import sys
from enum import StrEnum
from pathlib import Path

_DRIVER = Path("/proc/driver/nvidia/gpus")


class Devices(StrEnum):
    """What a training computes on: the first GPU, all GPUs at once, or the processor although there is a GPU.

    Without a GPU, all three are the processor.
    """

    FIRST = "first"
    ALL = "all"
    CPU = "cpu"


def visible_gpus() -> int:
    """How many GPUs TensorFlow can use or, as long as it is not imported, how many NVIDIA's driver for Linux lists."""
    if "tensorflow" not in sys.modules:
        return len([*_DRIVER.glob("*")])
    import tensorflow as tf

    return len(tf.config.list_physical_devices("GPU"))


def describe(chosen: Devices = Devices.FIRST, used: int = 1) -> str:
    """What computes, for the user: "CPU, 2 cores", "GPU NVIDIA GeForce RTX 4070" or "2 × GPU NVIDIA A100".

    used: how many devices compute at once.
    """
    processor = f"CPU, {core_count()} cores"
    if chosen == Devices.CPU:
        return processor
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return processor
    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", gpus[0].name)
    if used > 1:
        return f"{used} × GPU {name}"
    return f"GPU {name}" if len(gpus) == 1 else f"GPU {name}, the first of {len(gpus)}"


def fastest_precision() -> str:
    """The Keras dtype policy that is fastest here: "mixed_bfloat16" if the device has bfloat16 units, else "float32".

    With AMX or AVX-512 BF16, a training is up to twice as fast in bfloat16; other processors emulate it, slowly.
    NVIDIA GPUs have it from compute capability 8.0 on.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        capability = tf.config.experimental.get_device_details(gpus[0]).get("compute_capability", (0, 0))
        return "mixed_bfloat16" if capability >= (8, 0) else "float32"
    return cpu_precision()


def cpu_precision() -> str:
    """As :func:`fastest_precision`, for the processor even if there is a GPU."""
    return "mixed_bfloat16" if _cpu_flags() & {"amx_bf16", "avx512_bf16"} else "float32"


def has_replicas() -> bool:
    """Whether what is built now has a copy on each of several devices: inside the scope of a strategy for them."""
    import tensorflow as tf

    return bool(tf.distribute.get_strategy().num_replicas_in_sync > 1)


def core_count() -> int:
    """How many cores this process may use."""
    if platform.system() == "Linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cpu_flags() -> set[str]:
    """The flags in /proc/cpuinfo; none on systems other than Linux."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.is_file():
        return set()
    lines = cpuinfo.read_text(errors="replace").splitlines()
    return {flag for line in lines if line.startswith("flags") for flag in line.split(":", 1)[1].split()}
