"""Feature pyramid network for segmentation (Kirillov et al. 2019, https://arxiv.org/abs/1901.02446)."""

from __future__ import annotations

from .unet import segmentation_architecture

ARCHITECTURES = (
    segmentation_architecture(
        "fpn",
        "FPN",
        "FPN",
        halos={
            "resnet18": 352,
            "resnet34": 576,
            "resnet50": 352,
            "resnet101": 608,
            "efficientnet_lite0": 544,
            "mobilenet_v2": 384,
        },
        is_original=False,
        # DROPOUT drops features before the last layer.
        decoder_dropout=0.0,
    ),
)
