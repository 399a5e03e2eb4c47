"""Centred network: a ResNet for the context of a pixel, and a perceptron for the pixel itself.

A patch network sees a pixel only as one of many, so that its borders are blurred. Here a branch reads the
pixel's own values and the statistics of small squares around it, and the last layer joins them with the
ResNet's features of the patch. The patch may lie around the nearest node of a grid instead of the pixel, so
that a map takes one pass of the ResNet per node, and one of the small layers per pixel.

>>> form = CentreBranch(windows=(3, 5, 7), grid=4, scales=(1, 3))
>>> network = CentredNetwork(context_network, form, channels=6, classes=4, patch_size=17)
>>> side = 2 * form.reach(17) + 1
>>> network(patches, valid, shifts)    # logits (N, 4) of patches (N, 6, side, side)
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from .architecture import CentreBranch

CONTEXT_PREFIX = "context."
"""Prefix of the names of the context's weights, which a plain network has without it."""
CONTEXT_FEATURES = 128
"""Number of features of the context, the outputs of the ResNet."""
_WIDTH = 256
_DROPOUT = 0.3
# Features beyond so many standard deviations are clamped: a single deviation may be any number of them.
_CLIP = 5.0


class CentredNetwork(nn.Module):
    """Network from the squares around pixels to logits.

    Attributes:
        context: Network from mean-pooled patches, shape (N, channels * scales, size, size), to features,
            shape (N, ``CONTEXT_FEATURES``).
        form: Form of the centre branch.
        patch_size: Rows and columns of a patch of the context, in cells of each scale.
        fc: Last layer, from the features of both branches to logits.

    Args:
        context: Network of the context.
        form: Form of the centre branch.
        channels: Number of channels of the squares.
        classes: Number of classes.
        patch_size: Rows and columns of a patch of the context.
    """

    def __init__(
        self, context: nn.Module, form: CentreBranch, channels: int, classes: int, patch_size: int
    ) -> None:
        super().__init__()
        self.context = context
        self.form = form
        self.patch_size = patch_size
        features = form.count(channels)
        self.context_norm = nn.Sequential(nn.BatchNorm1d(CONTEXT_FEATURES), nn.ReLU())
        self.branch = nn.Sequential(
            nn.BatchNorm1d(features, affine=False),
            nn.Hardtanh(-_CLIP, _CLIP),
            *_layer(features, _WIDTH),
            *_layer(_WIDTH, _WIDTH),
        )
        self.fc = nn.Linear(CONTEXT_FEATURES + _WIDTH, classes)
        # Each branch learns the classes by itself too, or the easier one keeps the other from learning.
        self.context_head = nn.Linear(CONTEXT_FEATURES, classes)
        self.centre_head = nn.Linear(_WIDTH, classes)

    def forward(self, squares: Tensor, valid: Tensor, shifts: Tensor) -> Tensor:
        """Return the logits of the middle pixels.

        Args:
            squares: Standardised channels around each pixel, 0 where invalid, float32, shape (N, channels,
                side, side) with ``side = 2 * form.reach(patch_size) + 1``.
            valid: 1 where a pixel is valid and 0 where not, float32, shape (N, 1, side, side).
            shifts: Rows and columns from each pixel to the middle of its context, int64, shape (N, 2).

        Returns:
            Logits, shape (N, classes). In training mode shape (3, N, classes): of the network, of the context
            alone and of the centre alone.
        """
        context = self.context_norm(self.context(self.patches(squares, shifts)))
        centre = self.branch(square_statistics(squares, valid, self.form.windows))
        logits = self.joined(context, centre)
        if not self.training:
            return logits
        return torch.stack([logits, self.context_head(context), self.centre_head(centre)])

    def joined(self, context: Tensor, centre: Tensor) -> Tensor:
        """Return the logits, shape (N, classes).

        Args:
            context: Features of the context, after ``context_norm``, shape (N, CONTEXT_FEATURES).
            centre: Features of the centre branch, shape (N, features).
        """
        logits: Tensor = self.fc(torch.cat([context, centre], dim=1))
        return logits

    def patches(self, squares: Tensor, shifts: Tensor) -> Tensor:
        """Return the mean-pooled patches of all scales, shape (N, channels * scales, size, size).

        Args:
            squares: Channels around each pixel, shape (N, channels, side, side).
            shifts: Rows and columns from each pixel to the middle of its context, int64, shape (N, 2).
        """
        pieces = []
        for scale in self.form.scales:
            side = scale * self.patch_size
            first = squares.shape[-1] // 2 - self.form.before(scale, self.patch_size)
            piece = (
                _cut(squares, first + shifts, side) if self.form.grid > 1 else _middle(squares, first, side)
            )
            pieces.append(avg_pool2d(piece, scale) if scale > 1 else piece)
        return torch.cat(pieces, dim=1)


def _layer(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.ReLU(), nn.Dropout(_DROPOUT)]


def _middle(squares: Tensor, first: int, side: int) -> Tensor:
    return squares[:, :, first : first + side, first : first + side]


def _cut(squares: Tensor, first: Tensor, side: int) -> Tensor:
    """Return a square of ``side`` pixels of each square, from the row and column ``first`` (N, 2) on."""
    count, channels, _, width = squares.shape
    lines = first[:, :, None] + torch.arange(side, device=squares.device)
    rows = lines[:, 0, None, :, None].expand(count, channels, side, width)
    columns = lines[:, 1, None, None, :].expand(count, channels, side, side)
    return squares.gather(2, rows).gather(3, columns)


def square_statistics(squares: Tensor, valid: Tensor, windows: tuple[int, ...]) -> Tensor:
    """Return each middle pixel's values, and mean and standard deviation of the valid pixels around it.

    They are those of ``core.raster.neighbourhood.neighbourhood_features``, in the same order, but for squares
    that are cut out already.

    Args:
        squares: Channels, 0 where invalid, float32, shape (N, channels, side, side).
        valid: 1 where a pixel is valid and 0 where not, float32, shape (N, 1, side, side).
        windows: Sides of the square windows, odd, in pixels.

    Returns:
        Features, float32, shape (N, features).
    """
    middle = squares.shape[-1] // 2
    pieces = [squares[:, :, middle, middle]]
    for window in windows:
        first = middle - window // 2
        is_valid = _middle(valid, first, window)
        inside = _middle(squares, first, window) * is_valid
        pixels = is_valid.sum(dim=(2, 3)).clamp(min=1.0)
        mean = inside.sum(dim=(2, 3)) / pixels
        variance = inside.square().sum(dim=(2, 3)) / pixels - mean.square()
        pieces += [mean, variance.clamp(min=0.0).sqrt()]
    return torch.cat(pieces, dim=1)
