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
    ATTENTIONS,
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
from .compute import DEVICE_DETAILS, DEVICE_HELP, device_parameter
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
        return given_number(algorithm, parameters, name, context)

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


def given_number(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> float | None:
    """Return a number, None where the user left it empty."""
    return algorithm.parameterAsDouble(parameters, name, context) if is_given(parameters, name) else None


def given_integer(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> int | None:
    """Return a whole number, None where the user left it empty."""
    return algorithm.parameterAsInt(parameters, name, context) if is_given(parameters, name) else None


def _weights() -> list[Described]:
    return [
        Described(
            choice_parameter("STEM", tr("Stem"), STEMS),
            "First layers of a ResNet. <code>standard</code> has stride and pooling; <code>small</code> has "
            "neither; <code>auto</code> is small for patches of up to 8 pixels.",
            advanced=True,
            details="<code>small</code> keeps the detail of small patches and takes up to sixteen times as "
            "long.",
        ),
        Described(
            choice_parameter("ATTENTION", tr("Attention"), ATTENTIONS),
            "Attention in the blocks of a ResNet. <code>se</code> weighs the channels of feature maps, "
            "<code>cbam</code> the channels and the pixels.",
            advanced=True,
            details="Squeeze-and-excitation (SE) and CBAM take a little more time. Other networks do not use "
            "them.",
        ),
        Described(
            choice_parameter("WEIGHTS", tr("Initial weights"), WEIGHTS),
            "Weights that a network starts from. <code>none</code>: random weights; <code>imagenet</code>: "
            "PyTorch's ImageNet weights, downloaded once.",
            advanced=True,
            details="ImageNet weights are read from the cache folder where they are there. Without a network "
            "connection the error names the file and its folder. A network with initial weights has no "
            "centre branch, and the log says so.",
        ),
        Described(
            QgsProcessingParameterFile(
                "WEIGHTS_FILE",
                tr("Initial weights file"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Weights (*.pth *.pt *.ckpt *.safetensors);;All files (*)"),
            ),
            "File of initial weights for the same architecture, used instead of WEIGHTS. It can be from "
            "torchvision, TorchGeo, MoCo or Lightning, or a model of this plugin.",
            advanced=True,
            details="The number of bands may differ. The log and the model say which weights were used.",
        ),
    ]


def _steps() -> list[Described]:
    return [
        Described(
            recipe_parameter("EPOCHS", tr("Epochs"), _INTEGER, 1),
            "Passes over the training samples; 10 to 50 are usual." + RECIPE_HELP,
            advanced=True,
            details="The model is that of the epoch that MONITOR selects. The networks of a hybrid are those "
            "of the last epoch.",
        ),
        Described(
            recipe_parameter("PATIENCE", tr("Patience (epochs)"), _INTEGER, 0),
            "Epochs without improvement after which training stops; 5 to 10 are usual, 0 never stops early."
            + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("BATCH_SIZE", tr("Batch size (patches)"), _INTEGER, 2),
            "Patches in a training step; 32 to 256 are usual, 4 for segmentation networks." + RECIPE_HELP,
            advanced=True,
            details="Halve it where the memory of the GPU is too small.",
        ),
        Described(
            recipe_parameter("LEARNING_RATE", tr("Learning rate"), _DOUBLE, 1e-8, 1.0),
            "Step size of the optimiser, without unit; 0.0001 is usual, 0.001 for few samples and epochs."
            + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("WEIGHT_DECAY", tr("Weight decay"), _DOUBLE, 0.0),
            "Strength of the regularisation of the weights, without unit; 0.0001 is usual for ResNets, 0.01 "
            "to 0.5 for other networks." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("CLIP_NORM", tr("Gradient clipping"), _DOUBLE, 1.0, minValue=0.0),
            "Largest norm of the gradient in a training step, without unit. 1 is usual, 0 turns clipping "
            "off.",
            advanced=True,
        ),
        Described(
            choice_parameter("SCHEDULE", tr("Learning rate schedule"), SCHEDULES),
            "Learning rate over the epochs. <code>cosine</code>: short warm-up, then decrease to zero; "
            "<code>one_cycle</code>: increase during 30 % of the training, then decrease to zero; "
            "<code>constant</code>; <code>auto</code>: the default of the architecture.",
            advanced=True,
        ),
        Described(
            choice_parameter("MONITOR", tr("Best epoch criterion"), MONITORS),
            "Figure of the validation samples that selects the epoch. <code>macro_f1</code>: all classes "
            "count alike; <code>accuracy</code>: overall accuracy; <code>last</code>: the last epoch; "
            "<code>auto</code>: the default of the architecture.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("FROZEN_EPOCHS", tr("Frozen epochs"), _INTEGER, 0, minValue=0),
            "First epochs in which only the last layers are trained and loaded weights do not change. 0 is "
            "usual; 1 to 5 may help where samples are few.",
            advanced=True,
        ),
    ]


def _loss() -> list[Described]:
    return [
        Described(
            choice_parameter("LOSS", tr("Loss"), LOSSES),
            "Loss that training minimises. <code>cross_entropy</code> is usual; <code>focal</code> gives "
            "more weight to samples that are still misclassified.",
            advanced=True,
        ),
        Described(
            choice_parameter("BALANCE", tr("Class balancing"), BALANCES),
            "Weighting of rare classes in training. <code>sqrt</code>: inverse square root of the class "
            "frequency; <code>effective</code>: effective number of samples; <code>oversampling</code>: "
            "samples of rare classes several times an epoch; <code>none</code>; <code>auto</code>: the "
            "default of the architecture.",
            advanced=True,
            details="<code>auto</code> is none for the multi-scale network and sqrt for the others. Trees "
            "always use sqrt. Probabilities and maps follow the natural proportions in any case. DECISION "
            "favours rare classes in a map.",
        ),
        Described(
            recipe_parameter("LABEL_SMOOTHING", tr("Label smoothing"), _DOUBLE, 0.0, 0.9),
            "Fraction of each label, 0 to 0.9, that is spread over all classes against label errors; 0.05 to "
            "0.1 is usual." + RECIPE_HELP,
            advanced=True,
        ),
    ]


def _variation() -> list[Described]:
    return [
        Described(
            recipe_parameter("DROPOUT", tr("Dropout"), _DOUBLE, 0.0, 0.9),
            "Fraction of features, 0 to 0.9, dropped at random before the last layer against overfitting; "
            "0.2 to 0.5 is usual." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("AUGMENT", tr("Flip and rotate patches"), defaultValue=True),
            "Mirrors patches and rotates them by quarter turns at random in training. Usually on.",
            advanced=True,
        ),
        Described(
            recipe_parameter("BRIGHTNESS", tr("Brightness variation"), _DOUBLE, 0.0, 10.0),
            "Standard deviation of random brightness changes, in standard deviations of each channel; 0.1 is "
            "usual where haze or dates differ." + RECIPE_HELP,
            advanced=True,
            details="Both whole patches and single channels are changed. 0 changes nothing.",
        ),
        Described(
            recipe_parameter("EDGE_MIXING", tr("Artificial borders"), _DOUBLE, 0.0, 0.9),
            "Fraction of the training samples, 0 to 0.9, that get an artificial border to the surroundings "
            "of another sample." + RECIPE_HELP,
            advanced=True,
            details="The surroundings of another sample begin beyond a random line near the pixel. Maps "
            "become more accurate near borders, where training polygons are rare. 0 adds no borders. The "
            "multi-scale network and segmentation networks do not use it.",
        ),
        Described(
            recipe_parameter("BAND_DROPOUT", tr("Band dropout"), _DOUBLE, 0.0, 0.9),
            "Probability, 0 to 0.9, that a channel of a patch is blanked in training; 0.1 is a large value."
            + RECIPE_HELP,
            advanced=True,
            details="It keeps the network from relying on a single channel. 0 blanks none.",
        ),
    ]


def _computing() -> list[Described]:
    return [
        Described(device_parameter(), DEVICE_HELP, advanced=True, details=DEVICE_DETAILS),
        Described(
            choice_parameter("PRECISION", tr("Precision"), TRAINING_PRECISIONS),
            "Number format of training. <code>bf16</code>: 16 bits for the large products; "
            "<code>fp32</code>: 32 bits; <code>auto</code>: the default precision of the plugin's settings, "
            "or bf16 where the device supports it.",
            advanced=True,
        ),
        Described(
            recipe_parameter("TIME_LIMIT", tr("Time limit (minutes)"), _DOUBLE, 0.1, 10_000.0),
            "Largest time that training networks may take, in minutes. Empty: 10 for "
            "<code>ensemble</code> on processors, no limit otherwise.",
            advanced=True,
            details="The time of a training step is measured first. Where all epochs would take longer, "
            "fewer are trained; where fewer than 4 would be left, <code>ensemble</code> trains the trees "
            "alone. The log tells the number of epochs and the time that all of them need. The time of trees "
            "and of reading is not part of the limit.",
        ),
    ]
