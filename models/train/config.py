"""Every number of the two training stages. Counts are of steps, examples or frames of 10 ms."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class ReconstructionWeights:
    """Of the losses that compare with a right answer; the envelopes' own mean absolute error has weight 1."""

    silence: float = 0.25
    """Weight of a frame without speech; one with speech has 1."""
    across_bands: float = 0.5
    over_time: float = 0.5
    copy: float = 0.3
    phones: float = 0.12


@dataclass(frozen=True)
class ConversionWeights:
    """Of the losses that judge a conversion without a right answer."""

    speaker: float = 1.0
    content: float = 0.4
    phones: float = 0.1
    statistics: float = 0.15
    critic: float = 0.1


@dataclass(frozen=True)
class StageOne:
    """Reconstruction alone."""

    steps: int = 470
    batch: int = 16
    learning_rate: float = 1e-3
    warm_up_steps: int = 100
    betas: tuple[float, float] = (0.9, 0.98)
    weight_decay: float = 0.02
    largest_gradient: float = 1.0
    content_noise: float = 0.15
    reconstruction: ReconstructionWeights = ReconstructionWeights()

    def learning_rate_at(self, step: int) -> float:
        """Warm-up, half of the steps at the full rate, then a cosine that starts at half of it."""
        warm_up = min(1.0, (step + 1) / self.warm_up_steps)
        done = step / self.steps
        decay = 1.0 if done < 0.5 else max(0.03, 0.5 * (1 + math.cos(math.pi * (done - 0.5) / 0.5)))
        return self.learning_rate * warm_up * decay


@dataclass(frozen=True)
class StageTwo:
    """Reconstruction and conversion together, with the detail path of the decoder."""

    steps: int = 600
    """A choice: the shipped weights were trained for a time, and their steps were not counted. See README.md."""
    batch: int = 10
    learning_rate: float = 7e-4
    warm_up_steps: int = 30
    betas: tuple[float, float] = (0.9, 0.98)
    weight_decay: float = 0.02
    largest_gradient: float = 1.0
    content_noise: float = 0.1
    critic_learning_rate: float = 4e-4
    critic_betas: tuple[float, float] = (0.5, 0.9)
    reconstruction: ReconstructionWeights = ReconstructionWeights()
    conversion: ConversionWeights = ConversionWeights()

    def learning_rate_at(self, step: int) -> float:
        """Warm-up under a cosine that ends at 3 %."""
        warm_up = min(1.0, (step + 1) / self.warm_up_steps)
        return self.learning_rate * warm_up * max(0.03, 0.5 * (1 + math.cos(math.pi * step / self.steps)))
