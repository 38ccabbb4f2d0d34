"""Whether Keras trains on several machines: python benchmarks/machines.py

Starts two workers of a MultiWorkerMirroredStrategy on this machine, each of which calls ``fit`` on a tiny network.
Prints the last line of what each says. They fail (https://github.com/keras-team/keras/issues/20585); when both print
"fit works", read docs/more-machines.md again.
"""

import json
import os
import socket
import subprocess
import sys

SECONDS = 120
WORKER = """
import tensorflow as tf
strategy = tf.distribute.MultiWorkerMirroredStrategy()
import keras
with strategy.scope():
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    network.compile("sgd", "mse", jit_compile=False)
network.fit(tf.data.Dataset.from_tensor_slices((tf.ones((8, 4)), tf.ones((8, 3)))).batch(4), verbose=0, shuffle=False)
print("fit works")
"""


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def main() -> None:
    """Print a line for each worker."""
    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    processes = []
    for index in range(len(workers)):
        task = {"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}
        environment = os.environ | {"TF_CONFIG": json.dumps(task), "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [sys.executable, "-c", WORKER]
        processes.append(
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        )
    for index, process in enumerate(processes):
        try:
            said = process.communicate(timeout=SECONDS)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            said = process.communicate()[0] + f"\nno end after {SECONDS} s"
        errors = [line for line in said.splitlines() if "Error: " in line]
        print(f"worker {index}: {(errors or said.splitlines())[-1]}")


if __name__ == "__main__":
    main()
