"""ResNets of torchvision, which classify patches (He et al. 2016, https://arxiv.org/abs/1512.03385)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ...options import NONE
from ..architecture import Architecture, Recipe, TrainerSettings, deferred

if TYPE_CHECKING:
    from torch import nn

    from ...training.trainer import Trainer


def _build(
    name: str, channels: int, classes: int, small_stem: bool = False, attention: str = NONE
) -> nn.Module:
    """Return torchvision's network ``name`` with a first convolution for ``channels``.

    With ``small_stem``, the first convolution has 3 x 3 taps, no stride and no pooling after it, as the
    authors use for images of 32 pixels (He et al. 2016, section 4.2). Feature maps are then four times as
    wide. ``attention`` is that of the residual blocks, one of ``core.options.ATTENTIONS``.
    """
    import torchvision
    from torch import nn

    network = torchvision.models.get_model(name, weights=None, num_classes=classes)
    if attention != NONE:
        from ..attention import add_attention

        add_attention(network, attention)
    if small_stem:
        stem = nn.Conv2d(channels, 64, kernel_size=3, padding=1, bias=False)
        network.maxpool = nn.Identity()
    else:
        stem = nn.Conv2d(channels, 64, kernel_size=7, stride=2, padding=3, bias=False)
    nn.init.kaiming_normal_(stem.weight, mode="fan_out", nonlinearity="relu")
    network.conv1 = stem
    return network  # type: ignore[no-any-return]


def make_trainer(entry: Architecture, settings: TrainerSettings) -> Trainer[Any]:
    """Return the trainer of a network on patches, with a centre branch where the settings have one.

    Args:
        entry: Registry entry of the architecture.
        settings: Settings of the trainer.
    """
    from ...training.feeds.centred import CentredView
    from ...training.feeds.patch import PatchView
    from ...training.network_trainer import NetworkTrainer

    if settings.centre:
        return NetworkTrainer(entry, settings, CentredView.of)
    return NetworkTrainer(entry, settings, PatchView.of)


def _resnet(depth: int) -> Architecture:
    return Architecture(
        f"resnet{depth}",
        f"ResNet{depth}",
        "patch",
        "network",
        partial(_build, f"resnet{depth}"),
        trainer_factory=make_trainer,
        head=("fc.",),
        takes=("small_stem", "attention"),
        imagenet=f"resnet{depth}",
        make_predictor=deferred("inference.predictors.centred", "make_resnet_predictor"),
        centred_recipe=Recipe(
            patch_size=17,
            epochs=20,
            batch_size=128,
            learning_rate=1e-3,
            weight_decay=0.05,
            label_smoothing=0.05,
            brightness=0.1,
            schedule="one_cycle",
            monitor="last",
            patience=0,
            edge_mixing=0.7,
            averaging=0.99,
            decays_norms=False,
            min_steps=20,
        ),
    )


RESNET18 = _resnet(18)
ARCHITECTURES = (RESNET18, *map(_resnet, (34, 50, 101)))
