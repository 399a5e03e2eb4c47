"""U-Net (Ronneberger et al. 2015, https://arxiv.org/abs/1505.04597), and entries of segmentation networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ...text import Text
from ..architecture import Architecture, Recipe, TrainerSettings, deferred
from ..segmentation import ENCODERS, build_segmentation

if TYPE_CHECKING:
    from ...training.trainer import Trainer

_RECIPE = Recipe(
    patch_size=256,
    epochs=25,
    batch_size=4,
    learning_rate=1e-3,
    weight_decay=0.01,
    dropout=0.3,
    brightness=0.1,
    min_steps=10,
)


def segmentation_architecture(
    name: str,
    title: str,
    smp_class: str,
    halos: Mapping[str, int],
    is_original: bool = True,
    **options: Any,
) -> Architecture:
    """Return the entry of a segmentation network, with an entry for each encoder.

    Args:
        name: Value of ARCHITECTURE. The entry of an encoder has its name behind it, as in ``unet_resnet18``.
        title: Name for users.
        smp_class: Class of segmentation-models-pytorch.
        halos: Width of the halo that holds all pixels that can change a label, in pixels, by encoder, see
            ``Architecture.exact_halo``.
        is_original: Whether the network computes as SMP's with its defaults does, see
            ``Architecture.is_original``.
        options: Arguments of the class besides the encoder and the numbers of channels and classes.
    """
    encoders = tuple(
        Architecture(
            f"{name}_{encoder.name}",
            Text("{network} on {encoder}", network=title, encoder=encoder.title),
            "pixel",
            "network",
            partial(build_segmentation, smp_class, encoder.smp_name, options),
            trainer_factory=_make_trainer,
            head=("decoder.", "segmentation_head.0."),
            backbone="encoder.",
            first_layer=encoder.first_layer,
            imagenet=encoder.imagenet,
            encoder=encoder.name,
            exact_halo=halos[encoder.name],
            is_original=is_original,
            make_predictor=deferred("inference.predictors.dense", "make_predictor"),
            recipe=_RECIPE,
        )
        for encoder in ENCODERS
    )
    return replace(encoders[0], name=name, title=title, encoder="", encoders=encoders)


def _make_trainer(entry: Architecture, settings: TrainerSettings) -> Trainer[Any]:
    from ...training.feeds.crop import CropView
    from ...training.network_trainer import NetworkTrainer

    return NetworkTrainer(entry, settings, CropView.of)


ARCHITECTURES = (
    segmentation_architecture(
        "unet",
        "U-Net",
        "Unet",
        halos={
            "resnet18": 320,
            "resnet34": 576,
            "resnet50": 320,
            "resnet101": 608,
            "efficientnet_lite0": 544,
            "mobilenet_v2": 352,
        },
    ),
)
