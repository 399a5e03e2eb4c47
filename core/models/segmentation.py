"""Segmentation networks of segmentation-models-pytorch (SMP), which label every pixel of a tile.

Some layers of SMP depend on the whole image: group normalisation, global pooling, and upsampling in relation
to the image's corners. In a map, labels would then depend on the tile. These layers are replaced by others
with the same reach on every tile.

>>> network = build_segmentation("Unet", "resnet18", {}, channels=6, classes=4)
>>> network(tile)   # (N, 6, 256, 256) to logits (N, 4, 256, 256)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..options import DENSE_HALO

if TYPE_CHECKING:
    from torch import nn

# Stride of the feature maps that a DeepLabV3+ pools, in pixels.
_POOLED_STRIDE = 16


@dataclass(frozen=True)
class Encoder:
    """Encoder of segmentation networks.

    Attributes:
        name: One of ``core.options.ENCODERS``.
        title: Name for users.
        smp_name: Name in SMP.
        imagenet: Torchvision's name of the model whose ImageNet weights fit; empty without one.
        first_layer: Name of the first convolution.
    """

    name: str
    title: str
    smp_name: str
    imagenet: str
    first_layer: str


def _resnet(depth: int) -> Encoder:
    name = f"resnet{depth}"
    return Encoder(name, f"ResNet{depth}", name, name, "conv1")


ENCODERS = (
    *map(_resnet, (18, 34, 50, 101)),
    # The EfficientNet without squeeze-and-excitation, whose channel means are those of the whole tile.
    Encoder("efficientnet_lite0", "EfficientNet-Lite0", "tu-efficientnet_lite0", "", "model.conv_stem"),
    Encoder("mobilenet_v2", "MobileNetV2", "mobilenet_v2", "mobilenet_v2", "features.0.0"),
)
"""All encoders, the default first."""


def build_segmentation(
    smp_class: str, encoder: str, options: Mapping[str, Any], channels: int, classes: int
) -> nn.Module:
    """Return a network from (N, channels, rows, columns) to logits (N, classes, rows, columns).

    Rows and columns must be multiples of 32.

    Args:
        smp_class: Name of SMP's class.
        encoder: Name of the encoder in SMP.
        options: Further arguments of the class.
        channels: Number of channels.
        classes: Number of classes.
    """
    import segmentation_models_pytorch

    network: nn.Module = getattr(segmentation_models_pytorch, smp_class)(
        encoder, encoder_weights=None, in_channels=channels, classes=classes, **options
    )
    limit_reach(network)
    return network


def limit_reach(network: nn.Module) -> None:
    """Replace the layers of a network of SMP, in place, by which a label depends on the size of the tile.

    - Group normalisation, whose statistics are those of the tile, becomes batch normalisation.
    - Global average pooling becomes the mean of the surroundings, up to ``DENSE_HALO`` pixels away.
    - Bilinear upsampling places pixels by their distance, not in relation to the corners of the tile.

    All weights keep their names, and batch normalisations add running statistics.

    Args:
        network: Network of SMP.
    """
    from torch import nn

    reach = DENSE_HALO // _POOLED_STRIDE
    for name, layer in list(network.named_modules()):
        if isinstance(layer, nn.GroupNorm):
            network.set_submodule(name, nn.BatchNorm2d(layer.num_channels))
        elif isinstance(layer, nn.AdaptiveAvgPool2d):
            mean = nn.AvgPool2d(2 * reach + 1, stride=1, padding=reach, count_include_pad=False)
            network.set_submodule(name, mean)
        elif isinstance(layer, nn.Upsample) and layer.align_corners:
            layer.align_corners = False
        elif type(layer).__name__ == "Conv3x3GNReLU" and layer.upsample:
            # SMP's block calls the upsampling as a function.
            layer.upsample = False
            layer.block.append(nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False))
