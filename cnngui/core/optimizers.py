"""The optimizers of the recipes. This module imports Keras: import it inside functions only."""

import keras

from cnngui.core.recipes import Recipe


def optimizer(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    """The recipe's optimizer for a training of ``steps`` batches."""
    if recipe.optimizer == "adam":
        return keras.optimizers.Adam(recipe.learning_rate)
    warm_up = max(1, round(0.23 * steps))  # airbench's triangle has its peak here
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.2 * recipe.learning_rate,
        warmup_target=recipe.learning_rate,
        warmup_steps=warm_up,
        decay_steps=max(1, steps - warm_up),
    )
    # 0.0102 a step at airbench's peak rate of 1.5 is its weight decay, written as Keras applies it.
    sgd = keras.optimizers.SGD(rate, momentum=0.85, nesterov=True, weight_decay=0.0102)
    sgd.exclude_from_weight_decay(var_names=["beta"])
    return sgd
