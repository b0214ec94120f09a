"""The two stages of training.

python -m train.train one --features FEATURES --labels LABELS --out stage-one.pt
python -m train.train two --features FEATURES --labels LABELS --start stage-one.pt --out stage-two.pt
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from .config import StageOne, StageTwo
from .dataset import load_utterances
from .examples import CONVERSION_FRAMES, Examples
from .judge import Judge
from .losses import (
    Terms,
    conversion_loss,
    conversion_terms,
    critic_loss,
    phone_accuracy,
    reconstruction_loss,
    reconstruction_terms,
)
from .network import Critic, Decoder, Encoder, speak

HERE = Path(__file__).resolve().parent
Figures = dict[str, float]
"""Unweighted losses of one step by name, with the whole `loss` and the share of phones found."""


class Trainer:
    """Networks and optimiser of both stages."""

    def __init__(self, encoder: Encoder, decoder: Decoder, stage: StageOne | StageTwo) -> None:
        self.encoder, self.decoder, self.stage = encoder, decoder, stage
        self._parameters = [*encoder.parameters(), *decoder.parameters()]
        self._optimiser = torch.optim.AdamW(
            self._parameters, lr=stage.learning_rate, betas=stage.betas, weight_decay=stage.weight_decay
        )

    def reconstruct(self, examples: Examples, with_detail: bool) -> tuple[Tensor, Tensor, Figures]:
        """Loss, target envelopes [B, BANDS, T] and figures of one batch."""
        batch = examples.reconstructions(self.stage.batch)
        content, phone_logits = self.encoder(batch.view)
        noisy = content + self.stage.content_noise * torch.randn_like(content)
        detail = batch.view if with_detail else None
        prediction, copy = speak(self.encoder, self.decoder, noisy, batch.prosody, batch.reference, detail)
        weights = self.stage.reconstruction
        terms = reconstruction_terms(batch, prediction, copy, phone_logits, weights.silence)
        figures = {**_numbers(terms), "phones_found": phone_accuracy(phone_logits, batch.phones)}
        return reconstruction_loss(terms, weights), batch.target, figures

    def descend(self, loss: Tensor, step: int) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = self.stage.learning_rate_at(step)
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._parameters, self.stage.largest_gradient)
        self._optimiser.step()


def train_stage_one(encoder: Encoder, decoder: Decoder, examples: Examples, stage: StageOne) -> Iterator[Figures]:
    """Trains in place, yielding the figures of each step."""
    trainer = Trainer(encoder, decoder, stage)
    for step in range(stage.steps):
        loss, _, figures = trainer.reconstruct(examples, with_detail=False)
        trainer.descend(loss, step)
        yield {"loss": float(loss.detach()), **figures}


def train_stage_two(encoder: Encoder, decoder: Decoder, examples: Examples, stage: StageTwo) -> Iterator[Figures]:
    """Trains in place, yielding the figures of each step."""
    trainer, judge, critic = Trainer(encoder, decoder, stage), Judge(), Critic()
    critic_optimiser = torch.optim.AdamW(critic.parameters(), lr=stage.critic_learning_rate, betas=stage.critic_betas)
    for step in range(stage.steps):
        # A conversion must please an encoder and a critic that it cannot bend to its liking.
        encoder.requires_grad_(False)
        critic.requires_grad_(False)
        batch = examples.conversions(stage.batch)
        content, phone_logits = encoder(batch.view)
        converted, _ = speak(encoder, decoder, content, batch.prosody, batch.reference, batch.view)
        terms = conversion_terms(batch, converted, content, phone_logits, encoder, judge, critic)
        encoder.requires_grad_(True)
        critic.requires_grad_(True)

        loss, recorded, figures = trainer.reconstruct(examples, with_detail=True)
        loss = loss + conversion_loss(terms, stage.conversion)
        trainer.descend(loss, step)

        critics = critic_loss(critic, recorded[..., :CONVERSION_FRAMES], converted)
        critic_optimiser.zero_grad()
        critics.backward()
        critic_optimiser.step()
        yield {"loss": float(loss.detach()), **figures, **_numbers(terms), "critics_own": float(critics.detach())}


def save(path: Path, encoder: Encoder, decoder: Decoder) -> None:
    """A checkpoint that `load` and `export.py` read."""
    torch.save({"encoder": encoder.state_dict(), "decoder": decoder.state_dict()}, path)


def load(path: Path) -> tuple[Encoder, Decoder]:
    """The networks of a checkpoint."""
    stored = torch.load(path, map_location="cpu", weights_only=True)
    encoder, decoder = Encoder(), Decoder()
    encoder.load_state_dict(stored["encoder"])
    decoder.load_state_dict(stored["decoder"])
    return encoder, decoder


def _numbers(terms: Terms) -> Figures:
    return {name: float(term.detach()) for name, term in terms.items()}


def _report(figures: Iterator[Figures], every: int) -> None:
    """Prints the mean of each figure over `every` steps."""
    started, recent = time.monotonic(), []
    for step, figure in enumerate(figures, start=1):
        recent.append(figure)
        if len(recent) == every:
            means = {name: sum(one[name] for one in recent) / every for name in figure}
            text = "  ".join(f"{name} {value:.3f}" for name, value in means.items())
            print(f"{step} ({time.monotonic() - started:.0f} s)  {text}", flush=True)
            recent = []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["one", "two"])
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--start", type=Path, help="checkpoint of stage one, for stage two")
    parser.add_argument("--validation-speakers", type=Path, default=HERE / "validation-speakers.txt")
    parser.add_argument("--steps", type=int, help="instead of the stage's own number (config.py)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    if (arguments.stage == "two") != (arguments.start is not None):
        parser.error("stage two needs --start, stage one takes none")

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    left_out = frozenset(arguments.validation_speakers.read_text().split())
    utterances = load_utterances(arguments.features, arguments.labels, left_out)
    print(f"{len(utterances)} recordings, {sum(map(len, utterances)) / 6000:.1f} minutes")
    examples = Examples(utterances, arguments.seed)
    changes = {} if arguments.steps is None else {"steps": arguments.steps}

    if arguments.stage == "one":
        encoder, decoder = Encoder(), Decoder()
        _report(train_stage_one(encoder, decoder, examples, replace(StageOne(), **changes)), every=25)
    else:
        encoder, decoder = load(arguments.start)
        _report(train_stage_two(encoder, decoder, examples, replace(StageTwo(), **changes)), every=20)
    save(arguments.out, encoder, decoder)


if __name__ == "__main__":
    main()
