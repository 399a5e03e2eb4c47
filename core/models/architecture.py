"""Architecture: entry of the registry of models, with its training defaults and the settings of its trainer.

Imports no heavy package, so that QGIS can use it in its own process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, TypeVar

from ..errors import ParameterError
from ..options import AUTO, NONE
from ..text import Text

Kind = Literal["patch", "pixel"]
Family = Literal["network", "trees", "ensemble"]
Places = TypeVar("Places")
Reads = Literal["squares", "neighbourhoods"]


def deferred(module: str, name: str) -> Callable[..., Any]:
    """Return a function of the core that is imported when it is first called.

    The registry is light and lies below the engines, whose functions its entries bring along.

    Args:
        module: Module below ``core``, for example ``inference.predictors.patch``.
        name: Name of the function.
    """

    def call(*arguments: Any) -> Any:
        core = __name__.rsplit(".", 2)[0]
        return getattr(import_module(f"{core}.{module}"), name)(*arguments)

    return call


@dataclass(frozen=True)
class CentreBranch:
    """Form of a centred network (``core.models.centred``): what it reads of a pixel and of its surroundings.

    Attributes:
        windows: Sides of the squares around the pixel whose means and standard deviations the branch reads,
            odd numbers of pixels, ascending.
        grid: Rows and columns from one node to the next, in pixels. The context of a pixel is the patch
            around the nearest node. Nodes are counted from the raster's first pixel. 1 is every pixel.
        scales: Sides of the cells of the patches in pixels, odd, ascending. The patch of a scale above 1 has
            the means of cells.
    """

    windows: tuple[int, ...]
    grid: int
    scales: tuple[int, ...]

    def count(self, channels: int) -> int:
        """Return the number of the branch's features for a number of channels."""
        return channels * (1 + 2 * len(self.windows))

    def reach(self, patch_size: int) -> int:
        """Return the largest distance from a pixel to one that is read, in pixels.

        Args:
            patch_size: Rows and columns of a patch, in cells.
        """
        context = max(self.before(scale, patch_size) for scale in self.scales) + self.grid // 2
        return max([context, *(window // 2 for window in self.windows)])

    def before(self, scale: int, patch_size: int) -> int:
        """Return the distance from the middle of a patch to its first row or column, in pixels.

        Args:
            scale: Side of a cell, in pixels.
            patch_size: Rows and columns of the patch, in cells.
        """
        return scale * (patch_size // 2) + scale // 2

    def shift(self, position: Places) -> Places:
        """Return the distance from rows or columns of the raster to those of their nodes, in pixels.

        Args:
            position: Rows or columns of the raster, an array or tensor of integers.
        """
        places: Any = position
        result: Places = places // self.grid * self.grid + self.grid // 2 - places
        return result


@dataclass(frozen=True)
class Recipe:
    """Default training parameters of a network; ``FitSettings`` describes them.

    Attributes:
        patch_size: Rows and columns of a patch, or of a training crop, in pixels.
    """

    patch_size: int = 32
    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 1e-4
    weight_decay: float = 1e-4
    label_smoothing: float = 0.0
    dropout: float = 0.0
    balance: str = "sqrt"
    brightness: float = 0.0
    band_dropout: float = 0.0
    min_steps: int = 0
    schedule: str = "cosine"
    monitor: str = "macro_f1"
    patience: int = 6
    edge_mixing: float = 0.0
    averaging: float = 0.0
    decays_norms: bool = True


@dataclass(frozen=True)
class FitSettings:
    """Settings of a network's training loop. The choices are those of ``core.options``.

    Attributes:
        epochs: Maximum number of passes over the training samples.
        batch_size: Number of patches, or of crops, in a training step, at least 2.
        learning_rate: Highest learning rate of the schedule, for AdamW.
        schedule: Course of the learning rate over the epochs, one of ``SCHEDULES``.
        weight_decay: Weight decay of AdamW.
        clip_norm: Maximum norm of the gradient; 0 does not clip.
        patience: Number of epochs without improvement before training stops; 0 never stops early.
        monitor: Validation metric that chooses the best epoch, one of ``MONITORS``.
        loss: Loss function, one of ``LOSSES``.
        label_smoothing: Fraction of each label, 0 to 1, that is spread over all classes.
        balance: Treatment of rare classes, one of ``BALANCES`` except ``auto``.
        dropout: Probability, 0 to below 1, that a feature is dropped before the last layer.
        augment: Whether patches are mirrored and turned by quarters.
        brightness: Standard deviation of a patch's change in brightness, in units of each
            channel's own standard deviation.
        band_dropout: Probability, 0 to below 1, that a channel of a patch is blanked.
        frozen_epochs: Number of first epochs in which loaded weights do not change; with ``gradual``
            fine-tuning, number of epochs before each further stage is trained.
        fine_tuning: Change of loaded weights, one of ``FINE_TUNINGS``.
        precision: Data type of the large products, one of ``TRAINING_PRECISIONS``.
        min_steps: Minimum number of steps in an epoch; few samples are shown several times in one.
        edge_mixing: Fraction, 0 to below 1, of the training samples with another sample's surroundings beyond
            a random line.
        averaging: Decay of the exponential mean of the weights over the steps, 0 to below 1; 0 takes none.
        decays_norms: Whether weight decay also applies to biases and to the weights of normalisations.
        seed: Seed of all that is random, also of trees.
    """

    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 1e-4
    schedule: str = "cosine"
    weight_decay: float = 1e-4
    clip_norm: float = 1.0
    patience: int = 6
    monitor: str = "macro_f1"
    loss: str = "cross_entropy"
    label_smoothing: float = 0.0
    balance: str = "sqrt"
    dropout: float = 0.0
    augment: bool = True
    brightness: float = 0.0
    band_dropout: float = 0.0
    frozen_epochs: int = 0
    fine_tuning: str = "full"
    precision: str = "auto"
    min_steps: int = 0
    edge_mixing: float = 0.0
    averaging: float = 0.0
    decays_norms: bool = True
    seed: int = 0


@dataclass(frozen=True)
class EnsembleSettings:
    """Settings of an ensemble.

    Attributes:
        members: Settings of the members that are trained, in the order of ``Architecture.members``.
        files: Paths of model files that are further members.
        combination: Rule by which the members are combined, one of ``core.options.COMBINATIONS``.
        snapshots: Number of members of each network, from one training.
    """

    members: tuple[TrainerSettings, ...]
    files: tuple[str, ...] = ()
    combination: str = "weighted"
    snapshots: int = 1


@dataclass(frozen=True)
class TrainerSettings:
    """Settings of a trainer. Each architecture uses those that concern it.

    Attributes:
        fit: Settings of the training loop, with the seed.
        patch_size: Rows and columns of a patch, or of a training crop, in pixels.
        windows: Sides of the neighbourhoods around a pixel, odd numbers of pixels, ascending.
        centre: Form of a centred network; None for a plain network.
        state_file: Path of the file from which an interrupted training resumes.
        stem: First layer of a ResNet, one of ``core.options.STEMS``.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        weights: Pretrained weights that a network starts from, one of ``core.models.published.WEIGHTS``.
        weights_file: Path of a file of weights that a network starts from; empty for none.
        value_unit: Unit of the band values for published weights, one of ``core.options.VALUE_UNITS``.
        shares_channels: Whether trees read the network's channels, too.
        device: Device that a network is trained on, such as ``auto``, ``cpu`` or ``cuda:0``.
        indices: Number of spectral indices, for the estimate of memory.
        trees: Number of trees of random forests and extra trees; None takes the architecture's.
        min_leaf: Smallest number of samples in a leaf of these trees; None takes the architecture's.
        ensemble: Members of an ensemble and their combination; None for other models.
    """

    fit: FitSettings
    patch_size: int
    windows: tuple[int, ...]
    state_file: Path
    centre: CentreBranch | None = None
    stem: str = AUTO
    attention: str = NONE
    weights: str = NONE
    weights_file: str = ""
    value_unit: str = AUTO
    shares_channels: bool = False
    device: str = AUTO
    indices: int = 0
    trees: int | None = None
    min_leaf: int | None = None
    ensemble: EnsembleSettings | None = None

    def with_windows(self, windows: tuple[int, ...]) -> TrainerSettings:
        """Return the same settings, those of an ensemble's members too, with other neighbourhoods.

        Args:
            windows: Sides of the neighbourhoods, odd numbers of pixels, ascending.
        """
        if self.ensemble is None:
            return replace(self, windows=windows)
        members = tuple(member.with_windows(windows) for member in self.ensemble.members)
        return replace(self, windows=windows, ensemble=replace(self.ensemble, members=members))


@dataclass(frozen=True)
class Architecture:
    """Entry of the registry.

    Attributes:
        name: Value of ARCHITECTURE, which is stored in model files.
        title: Name for users.
        kind: ``patch`` labels the centre of a patch, ``pixel`` every pixel of a tile.
        family: ``network`` (PyTorch), ``trees`` (scikit-learn) or ``ensemble`` of models of both.
        build: Function that returns an untrained model and imports its libraries when called. For a
            network, from numbers of channels and classes to a ``torch.nn.Module``. For trees, from
            seed, number of threads, number of classes and windows to a ``TreeModel``. Ensembles are built
            by their members.
        trainer_factory: Function from this entry and ``TrainerSettings`` to a
            ``core.training.trainer.Trainer``. It imports the trainer when called.
        head: Prefixes of the names of a network's weights that turn features into classes. The last one
            is the layer that returns the logits.
        reads: Input of a network: ``squares`` of pixels, or a pixel with the statistics of its
            ``neighbourhoods``, as for trees.
        is_trainable: Whether models can be trained here, not only imported.
        dropout: Dropout before the last layer that a network has itself, in addition to DROPOUT.
        takes: Further arguments of a network's ``build``, by keyword: ``small_stem``, ``attention`` and
            ``patch_size``, see ``core.models.network.build_network``.
        backbone: Prefix of the names of a network's weights that torchvision has without it.
        network: Entry of the network whose outputs trees use as features; None without one.
        members: Entries of an ensemble's members; empty for other models.
        first_layer: Name of a network's first convolution, without ``backbone``.
        imagenet: Torchvision's name of the model whose ImageNet weights fit; empty without one.
        encoder: Encoder of a dense network, one of ``core.options.ENCODERS``; empty for other models.
        encoders: Entries of the same network with each encoder, the default first; empty without a choice.
        exact_halo: Width of a halo that holds all pixels that can change a label of a dense network, in
            pixels, a multiple of ``core.options.DENSE_GRID``.
        patch_sizes: Smallest and largest number of rows and columns of a patch, in pixels; None allows those
            of all networks.
        is_original: Whether a network computes as the library's with the same weights does, so that weights
            of other programs can be imported.
        is_for_comparison: Whether dialogs say that the architecture is for comparison, because others are as
            accurate for less time.
        recipe: Default training parameters of a network, or of the network of trees.
        centred_recipe: Default training parameters as a centred network; None where there is no such form.
        make_predictor: Function from a loaded model and a ``PredictorPlan``
            (``core.inference.predictors.factory``) to a ``Predictor``.
    """

    name: str
    title: str
    kind: Kind
    family: Family
    build: Callable[..., Any] = field(repr=False, compare=False)
    trainer_factory: Callable[[Architecture, TrainerSettings], Any] = field(repr=False, compare=False)
    head: tuple[str, ...] = ()
    reads: Reads = "squares"
    dropout: float = 0.0
    takes: tuple[str, ...] = ()
    backbone: str = ""
    first_layer: str = "conv1"
    network: Architecture | None = None
    members: tuple[Architecture, ...] = ()
    imagenet: str = ""
    encoder: str = ""
    encoders: tuple[Architecture, ...] = ()
    exact_halo: int = 0
    patch_sizes: tuple[int, int] | None = None
    is_original: bool = True
    is_for_comparison: bool = False
    recipe: Recipe = field(default_factory=Recipe)
    centred_recipe: Recipe | None = None
    is_trainable: bool = True
    make_predictor: Callable[..., Any] = field(kw_only=True, repr=False, compare=False)

    @property
    def start_network(self) -> str:
        """Torchvision's name of the network, or of the part of it or of a member, that weights start from."""
        parts = (self, *([self.network] if self.network else []), *self.members)
        return next((part.imagenet for part in parts if part.imagenet), "")

    @property
    def learns_without_labels(self) -> bool:
        """Whether the network, or a member, reads patches, as training without labels needs."""
        is_patch_network = self.is_network and self.kind == "patch" and self.reads == "squares"
        return is_patch_network or any(member.learns_without_labels for member in self.members)

    @property
    def suffix(self) -> str:
        """Suffix of the model files."""
        return ".safetensors" if self.family == "network" else ".skops"

    @property
    def is_network(self) -> bool:
        """Whether models are networks, whose best epoch the validation samples choose."""
        return self.family == "network"

    @property
    def has_network(self) -> bool:
        """Whether the model is or contains a network."""
        parts = (*self.members, *([self.network] if self.network else []))
        return self.is_network or any(part.has_network for part in parts)

    def with_members(self, members: tuple[Architecture, ...]) -> Architecture:
        """Return the entry of an ensemble with other members.

        Its recipes are those of the first network, for what is recorded of the ensemble as a whole.

        Args:
            members: Entries of the members that are trained; none where all members are files.
        """
        first = next((member for member in members if member.has_network), None)
        return replace(
            self,
            title=Text("Ensemble"),
            members=members,
            recipe=first.recipe if first else self.recipe,
            centred_recipe=first.centred_recipe if first else None,
        )

    @property
    def first_weight(self) -> str:
        """Name of the kernels of a network's first convolution."""
        return f"{self.backbone}{self.first_layer}.weight"

    def with_encoder(self, encoder: str) -> Architecture:
        """Return the entry of this network with an encoder; this entry where there is no choice of encoders.

        Args:
            encoder: One of ``core.options.ENCODERS``; ``auto`` is the default encoder.

        Raises:
            ParameterError: The network does not exist with this encoder.
        """
        if not self.encoders:
            return self
        if encoder == AUTO:
            return self.encoders[0]
        for entry in self.encoders:
            if entry.encoder == encoder:
                return entry
        raise ParameterError(
            "{architecture} has no encoder {encoder!r}",
            where="ENCODER",
            advice="Choose one of: {choices}.",
            architecture=self.title,
            encoder=encoder,
            choices=", ".join(entry.encoder for entry in self.encoders),
        )

    def make_trainer(self, settings: TrainerSettings) -> Any:
        """Return the ``core.training.trainer.Trainer`` that fits models of this architecture.

        Raises:
            DeviceError: The device cannot be used, or does not support the precision.
        """
        return self.trainer_factory(self, settings)
