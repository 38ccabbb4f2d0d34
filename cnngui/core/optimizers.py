"""The optimizers of the recipes. This module imports Keras: import it inside functions only."""

import keras

from cnngui.core.recipes import Recipe


class BetaSGD(keras.optimizers.SGD):
    """Nesterov's SGD with a higher learning rate for the offsets (beta) of batch normalisation.

    Source: airbench94, where the factor is 64; without gamma the offsets are all that a normalisation can learn.
    """

    beta_factor = 64.0

    def update_step(self, gradient, variable, learning_rate):  # type: ignore[no-untyped-def]
        """As in Keras' SGD, at ``beta_factor`` times the rate for a variable called beta."""
        # It comes as TensorFlow's own variable, whose name is its path and an output: "…/batch_normalization/beta:0".
        name = variable.name.rpartition("/")[2].partition(":")[0]
        factor = self.beta_factor if name == "beta" else 1.0
        super().update_step(gradient, variable, learning_rate * factor)


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
    sgd = BetaSGD(rate, momentum=0.85, nesterov=True, weight_decay=0.0102)
    sgd.exclude_from_weight_decay(var_names=["beta"])
    return sgd
