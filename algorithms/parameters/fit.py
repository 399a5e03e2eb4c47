"""The parameters of a network's training loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

from ...core.options import (
    BALANCES,
    LOSSES,
    MONITORS,
    SCHEDULES,
    STEMS,
    TRAINING_PRECISIONS,
    WEIGHTS,
)
from ..i18n.translation import tr
from .common import (
    RECIPE_HELP,
    Described,
    choice_parameter,
    is_given,
    recipe_parameter,
)
from .compute import DEVICE_HELP, device_parameter
from .outputs import absolute

if TYPE_CHECKING:
    from ...core.requests.train import FitChoice, StartChoice

_INTEGER = Qgis.ProcessingNumberParameterType.Integer
_DOUBLE = Qgis.ProcessingNumberParameterType.Double


def fit_parameters() -> list[Described]:
    """Return the parameters of the training loop, in the order of the dialog; all are advanced."""
    return [*_weights(), *_steps(), *_loss(), *_variation(), *_computing()]


def fit_choice(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> FitChoice:
    """Return the values of the training loop; what the user left empty is None."""
    from ...core.requests.train import FitChoice

    def number(name: str) -> float | None:
        given = is_given(parameters, name)
        return algorithm.parameterAsDouble(parameters, name, context) if given else None

    def choice(name: str) -> str:
        return algorithm.parameterAsEnumString(parameters, name, context)

    return FitChoice(
        epochs=given_integer(algorithm, parameters, "EPOCHS", context),
        batch_size=given_integer(algorithm, parameters, "BATCH_SIZE", context),
        learning_rate=number("LEARNING_RATE"),
        weight_decay=number("WEIGHT_DECAY"),
        clip_norm=algorithm.parameterAsDouble(parameters, "CLIP_NORM", context),
        patience=given_integer(algorithm, parameters, "PATIENCE", context),
        schedule=choice("SCHEDULE"),
        monitor=choice("MONITOR"),
        loss=choice("LOSS"),
        label_smoothing=number("LABEL_SMOOTHING"),
        balance=choice("BALANCE"),
        dropout=number("DROPOUT"),
        augment=algorithm.parameterAsBoolean(parameters, "AUGMENT", context),
        brightness=number("BRIGHTNESS"),
        band_dropout=number("BAND_DROPOUT"),
        edge_mixing=number("EDGE_MIXING"),
    )


def start_choice(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> StartChoice:
    """Return the weights that a network starts from."""
    from ...core.requests.train import StartChoice

    weights_file = ""
    if is_given(parameters, "WEIGHTS_FILE"):
        weights_file = absolute(algorithm.parameterAsFile(parameters, "WEIGHTS_FILE", context))
    return StartChoice(
        weights=algorithm.parameterAsEnumString(parameters, "WEIGHTS", context),
        weights_file=weights_file,
        frozen_epochs=algorithm.parameterAsInt(parameters, "FROZEN_EPOCHS", context),
    )


def given_integer(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> int | None:
    """Return a whole number, None where the user left it empty."""
    return algorithm.parameterAsInt(parameters, name, context) if is_given(parameters, name) else None


def _weights() -> list[Described]:
    return [
        Described(
            choice_parameter("STEM", tr("Stem"), STEMS),
            "How a ResNet begins: <code>standard</code> with stride and pooling, as for photographs, "
            "or <code>small</code> with neither, which keeps the detail of small patches and takes up to "
            "sixteen times as long. <code>auto</code>: small for patches of up to 8 pixels.",
            advanced=True,
        ),
        Described(
            choice_parameter("WEIGHTS", tr("Weights to start from"), WEIGHTS),
            "<code>imagenet</code>: a network starts from PyTorch's ImageNet weights, which are fetched once "
            "if they are not in the cache folder; without a network the message names file and folder. "
            "<code>none</code>: from random weights.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterFile(
                "WEIGHTS_FILE",
                tr("File of weights to start from"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Weights (*.pth *.pt *.ckpt *.safetensors);;All files (*)"),
            ),
            "Instead of WEIGHTS: weights of this architecture by torchvision, TorchGeo, MoCo or Lightning "
            "for any bands, or a model of this plugin. The log and the model tell what was taken.",
            advanced=True,
        ),
    ]


def _steps() -> list[Described]:
    return [
        Described(
            recipe_parameter("EPOCHS", tr("Epochs"), _INTEGER, 1),
            "Passes over the training samples; the best epoch on the validation samples is kept, of the "
            "hybrid's networks the last one. 10 to 50 are usual." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("PATIENCE", tr("Patience (epochs)"), _INTEGER, 0),
            "Training stops after so many epochs without improvement: 5 to 10 are usual, 0 never stops "
            "early." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("BATCH_SIZE", tr("Batch size (patches)"), _INTEGER, 2),
            "Patches in a training step: 32 to 256 are usual, of U-Nets 4. Halve it where the GPU's memory "
            "is too small." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("LEARNING_RATE", tr("Learning rate"), _DOUBLE, 1e-8, 1.0),
            "Size of a training step, without unit. 0.0001 is usual for patches, 0.001 for few samples and "
            "epochs." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("WEIGHT_DECAY", tr("Weight decay"), _DOUBLE, 0.0),
            "Pull of the weights towards zero against overfitting, without unit. 0.0001 is usual for "
            "ResNets, 0.01 to 0.5 for the other networks." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("CLIP_NORM", tr("Gradient clipping"), _DOUBLE, 1.0, minValue=0.0),
            "Longest gradient that is allowed in a training step, without unit: 1 is usual, 0 does not clip.",
            advanced=True,
        ),
        Described(
            choice_parameter("SCHEDULE", tr("Learning rate schedule"), SCHEDULES),
            "How the learning rate goes over the epochs: <code>cosine</code> rises shortly and falls to "
            "zero, <code>one_cycle</code> rises for 30 % of the training and falls to zero, "
            "<code>constant</code> stays. <code>auto</code> is what suits the architecture.",
            advanced=True,
        ),
        Described(
            choice_parameter("MONITOR", tr("Best epoch by"), MONITORS),
            "What chooses the best epoch on the validation samples: <code>macro_f1</code>, in which all "
            "classes count alike, or overall <code>accuracy</code>. <code>last</code> takes the last epoch. "
            "<code>auto</code> is what suits the architecture.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("FROZEN_EPOCHS", tr("Frozen epochs"), _INTEGER, 0, minValue=0),
            "Number of first epochs in which only the last layers learn and loaded weights stay as they are. "
            "0 is usual; one to five may help where samples are few.",
            advanced=True,
        ),
    ]


def _loss() -> list[Described]:
    return [
        Described(
            choice_parameter("LOSS", tr("Loss"), LOSSES),
            "What training makes small: <code>cross_entropy</code>, or <code>focal</code>, which turns to "
            "the samples that are still wrong. The former is usual.",
            advanced=True,
        ),
        Described(
            choice_parameter("BALANCE", tr("Balance of classes"), BALANCES),
            "What is done for rare classes in training: <code>sqrt</code> weighs a class by the inverse "
            "square root of its frequency, <code>effective</code> by its effective number of samples, "
            "<code>oversampling</code> shows their samples several times an epoch, <code>none</code> does "
            "nothing. <code>auto</code> is what suits the architecture: sqrt, but none for multiscale. "
            "Probabilities and maps go by the natural proportions in any case; to favour rare classes in a "
            "map, there is DECISION. Trees always take sqrt.",
            advanced=True,
        ),
        Described(
            recipe_parameter("LABEL_SMOOTHING", tr("Label smoothing"), _DOUBLE, 0.0, 0.9),
            "Share of each label, 0 to 0.9, that is spread over all classes, against labels that are partly "
            "wrong. 0.05 to 0.1 is usual, 0 is none." + RECIPE_HELP,
            advanced=True,
        ),
    ]


def _variation() -> list[Described]:
    return [
        Described(
            recipe_parameter("DROPOUT", tr("Dropout"), _DOUBLE, 0.0, 0.9),
            "Share of features, 0 to 0.9, that are left out at random before the last layer, against "
            "overfitting. 0.2 to 0.5 is usual, 0 is none." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("AUGMENT", tr("Flip and turn patches"), defaultValue=True),
            "Shows the patches mirrored and turned by quarters, which makes more of few samples. Usually on.",
            advanced=True,
        ),
        Described(
            recipe_parameter("BRIGHTNESS", tr("Change of brightness"), _DOUBLE, 0.0, 10.0),
            "Standard deviation of random changes in the brightness of patches and of single channels, in "
            "units of each channel's standard deviation. 0.1 is usual where haze or dates differ, 0 is none."
            + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("EDGE_MIXING", tr("Artificial borders"), _DOUBLE, 0.0, 0.9),
            "Fraction of the training samples, 0 to 0.9, that get an artificial border: beyond a random line "
            "near the pixel, another sample's surroundings begin. Maps become more accurate beside borders, "
            "where training polygons rarely lie. 0 is none. It has no effect on the multi-scale network and "
            "on U-Nets." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("BAND_DROPOUT", tr("Band dropout"), _DOUBLE, 0.0, 0.9),
            "Chance, 0 to 0.9, that a channel of a patch is blanked in training, so that the network does "
            "not rely on any single one. 0.1 is much, 0 is none." + RECIPE_HELP,
            advanced=True,
        ),
    ]


def _computing() -> list[Described]:
    return [
        Described(device_parameter(), DEVICE_HELP, advanced=True),
        Described(
            choice_parameter("PRECISION", tr("Precision"), TRAINING_PRECISIONS),
            "Number format of training: <code>bf16</code> computes the large products in 16 bits, "
            "<code>fp32</code> all in 32. <code>auto</code> is the default precision of the plugin's "
            "settings or, where that is auto, too, 16 bits where the device has units for them.",
            advanced=True,
        ),
    ]
