"""U-Net++ (Zhou et al. 2018, https://arxiv.org/abs/1807.10165): a U-Net with nested skip connections."""

from __future__ import annotations

from dataclasses import replace

from .unet import segmentation_architecture

# As accurate as the plain U-Net for three times its time (docs/accuracy.md, *Families of networks*).
_ENTRY = replace(
    segmentation_architecture(
        "unetplusplus",
        "U-Net++",
        "UnetPlusPlus",
        halos={
            "resnet18": 320,
            "resnet34": 576,
            "resnet50": 320,
            "resnet101": 608,
            "efficientnet_lite0": 544,
            "mobilenet_v2": 352,
        },
    ),
    is_for_comparison=True,
)
ARCHITECTURES = (_ENTRY,)
