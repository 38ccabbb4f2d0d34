"""The device that TensorFlow uses. Both functions import TensorFlow, which takes a second or two the first time."""

import os
import platform
from pathlib import Path


def describe() -> str:
    """The device's name for the user: "CPU, 2 cores" or "GPU NVIDIA GeForce RTX 4070"."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return f"CPU, {len(_usable_cores())} cores"
    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", gpus[0].name)
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
    return "mixed_bfloat16" if _cpu_flags() & {"amx_bf16", "avx512_bf16"} else "float32"


def _usable_cores() -> set[int]:
    if platform.system() == "Linux":
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _cpu_flags() -> set[str]:
    """The flags in /proc/cpuinfo; none on systems other than Linux."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.is_file():
        return set()
    lines = cpuinfo.read_text(errors="replace").splitlines()
    return {flag for line in lines if line.startswith("flags") for flag in line.split(":", 1)[1].split()}
