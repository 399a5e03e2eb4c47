"""DeepLabV3+ (Chen et al. 2018, https://arxiv.org/abs/1802.02611), with atrous convolutions at several rates.

The authors' rates are up to 18 on images of 513 pixels, so that a label depends on pixels 288 away. Rates up
to 6 are for crops of 256 pixels, and keep to the halo of a tile.
"""

from __future__ import annotations

from .unet import segmentation_architecture

ARCHITECTURES = (
    segmentation_architecture(
        "deeplabv3plus",
        "DeepLabV3+",
        "DeepLabV3Plus",
        halos={
            "resnet18": 384,
            "resnet34": 608,
            "resnet50": 384,
            "resnet101": 672,
            "efficientnet_lite0": 576,
            "mobilenet_v2": 416,
        },
        is_original=False,
        decoder_atrous_rates=(2, 4, 6),
        # DROPOUT drops features before the last layer.
        decoder_aspp_dropout=0.0,
    ),
)
