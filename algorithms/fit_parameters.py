"""The parameters of a network's training loop."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

from ..core.training.option_names import BALANCES, LOSSES, MONITORS, PRECISIONS, SCHEDULES
from .parameters import DEVICE_HELP, Described, device_parameter
from .translation import tr

_INTEGER = Qgis.ProcessingNumberParameterType.Integer
_DOUBLE = Qgis.ProcessingNumberParameterType.Double


def fit_parameters() -> list[Described]:
    """Return the parameters of the training loop, in the order of the dialog; all are advanced."""
    return [*_steps(), *_loss(), *_variation(), *_computing()]


def _steps() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterNumber("EPOCHS", tr("Epochs"), _INTEGER, 30, minValue=1),
            "Passes over the training samples; the best epoch on the validation samples is kept.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("PATIENCE", tr("Patience (epochs)"), _INTEGER, 6, minValue=0),
            "Training stops after so many epochs without improvement; 0 never stops early.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("BATCH_SIZE", tr("Batch size (patches)"), _INTEGER, 64, minValue=2),
            "Patches in a training step. Halve it where the GPU's memory is too small.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "LEARNING_RATE", tr("Learning rate"), _DOUBLE, 1e-4, minValue=1e-8, maxValue=1.0
            ),
            "Size of a training step, without unit. 0.0001 is usual, 0.001 for few samples and epochs.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("WEIGHT_DECAY", tr("Weight decay"), _DOUBLE, 1e-4, minValue=0.0),
            "Pull of the weights towards zero against overfitting, without unit. 0.0001 is usual.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("CLIP_NORM", tr("Gradient clipping"), _DOUBLE, 1.0, minValue=0.0),
            "Longest gradient that is allowed in a training step, without unit; 0 does not clip.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterEnum(
                "SCHEDULE",
                tr("Learning rate schedule"),
                options=list(SCHEDULES),
                defaultValue=SCHEDULES[0],
                usesStaticStrings=True,
            ),
            "How the learning rate goes over the epochs: <code>cosine</code> rises shortly and falls to "
            "zero, <code>one_cycle</code> rises for 30 % of the training and falls to zero, "
            "<code>constant</code> stays.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterEnum(
                "MONITOR",
                tr("Best epoch by"),
                options=list(MONITORS),
                defaultValue=MONITORS[0],
                usesStaticStrings=True,
            ),
            "What chooses the best epoch on the validation samples: <code>macro_f1</code>, in which all "
            "classes count alike, or overall <code>accuracy</code>.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("FROZEN_EPOCHS", tr("Frozen epochs"), _INTEGER, 0, minValue=0),
            "Number of first epochs in which only the last layers learn and loaded weights stay as they are.",
            advanced=True,
        ),
    ]


def _loss() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterEnum(
                "LOSS", tr("Loss"), options=list(LOSSES), defaultValue=LOSSES[0], usesStaticStrings=True
            ),
            "What training makes small: <code>cross_entropy</code>, or <code>focal</code>, which turns to "
            "the samples that are still wrong.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterEnum(
                "BALANCE",
                tr("Balance of classes"),
                options=list(BALANCES),
                defaultValue=BALANCES[0],
                usesStaticStrings=True,
            ),
            "What is done for rare classes in training: <code>sqrt</code> weighs a class by the inverse "
            "square root of its frequency, <code>effective</code> by its effective number of samples, "
            "<code>oversampling</code> shows their samples several times an epoch, <code>none</code> does "
            "nothing.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "LABEL_SMOOTHING", tr("Label smoothing"), _DOUBLE, 0.0, minValue=0.0, maxValue=0.9
            ),
            "Share of each label, 0 to 0.9, that is spread over all classes, against labels that are partly "
            "wrong. 0.05 to 0.1 is usual, 0 is none.",
            advanced=True,
        ),
    ]


def _variation() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterNumber("DROPOUT", tr("Dropout"), _DOUBLE, 0.0, minValue=0.0, maxValue=0.9),
            "Share of features, 0 to 0.9, that are left out at random before the last layer, against "
            "overfitting.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("AUGMENT", tr("Flip and turn patches"), defaultValue=True),
            "Shows the patches mirrored and turned by quarters, which makes more of few samples.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "BRIGHTNESS", tr("Change of brightness"), _DOUBLE, 0.0, minValue=0.0, maxValue=10.0
            ),
            "Standard deviation of random changes in the brightness of patches and of single channels, in "
            "units of each channel's standard deviation. 0.1 is usual where haze or dates differ, 0 is none.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "BAND_DROPOUT", tr("Band dropout"), _DOUBLE, 0.0, minValue=0.0, maxValue=0.9
            ),
            "Chance, 0 to 0.9, that a channel of a patch is blanked in training, so that the network does "
            "not rely on any single one.",
            advanced=True,
        ),
    ]


def _computing() -> list[Described]:
    return [
        Described(device_parameter(), DEVICE_HELP, advanced=True),
        Described(
            QgsProcessingParameterEnum(
                "PRECISION",
                tr("Precision"),
                options=list(PRECISIONS),
                defaultValue=PRECISIONS[0],
                usesStaticStrings=True,
            ),
            "Number format of training: <code>bf16</code> computes the large products in 16 bits, "
            "<code>fp32</code> all in 32, <code>auto</code> takes 16 where the device has units for it.",
            advanced=True,
        ),
    ]
