"""Report of an import: which tensors matched, and what the file and the user said of the network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..classes import LandCoverClass
from ..models.card import ModelCard
from ..models.foreign import ForeignModel
from ..progress import Progress
from ..provenance import Provenance
from ..text import Text
from ..values import to_plain
from .figure import ACCENTS, Picture, figure_style, new_figure, text_width
from .language import say
from .page import write_report

_KINDS = {
    "checkpoint": Text("checkpoint of PyTorch"),
    "safetensors": Text("safetensors file"),
    "onnx": Text("ONNX file"),
}
# Standard deviations that the chart of the bands shows.
_SHOWN_DEVIATIONS = 6.0
_ROW_INCHES = 0.24


@dataclass(frozen=True, eq=False)
class ImportContent:
    """Content of the report of an import.

    Attributes:
        model: Name of the model file that was written.
        foreign: Network of the file.
        card: Document of the model.
        scaling: Origin of the scaling of the bands.
        sample: Title of the sample raster; empty without one.
        cautions: Warnings for the reader, whole sentences.
        parameters: Parameters of the run by name.
        provenance: Origin of the report.
    """

    model: str
    foreign: ForeignModel
    card: ModelCard
    scaling: Text
    sample: str
    cautions: tuple[Text, ...]
    parameters: dict[str, str | int | float | bool | None]
    provenance: Provenance

    @property
    def left_out(self) -> dict[str, int]:
        """Nothing; other reports count units that they leave out."""
        return {}

    @property
    def versions(self) -> dict[str, str]:
        """Versions of the software by package."""
        return self.provenance.versions

    @property
    def created(self) -> str:
        """Time stamp in ISO 8601 format."""
        return self.provenance.created

    @property
    def kind(self) -> Text:
        """Kind of the imported file."""
        return _KINDS[self.foreign.kind]

    @property
    def matched(self) -> int:
        """Number of tensors of the network that came from the file."""
        return sum(bool(item.source) for item in self.foreign.matches)

    @property
    def bands(self) -> list[tuple[str, float, float]]:
        """Name, mean and standard deviation of each band, in the network's order."""
        scaling = self.card.scaling
        return list(zip(self.card.bands, scaling.mean, scaling.std, strict=True))

    @property
    def classes(self) -> list[tuple[LandCoverClass, float | None]]:
        """Classes in the order of the outputs, and the fraction that is predicted on the sample raster."""
        fractions = self.card.survey.class_fractions if self.card.survey else ()
        known = fractions or (None,) * len(self.card.classes)
        return list(zip(self.card.classes, known, strict=True))

    def document(self) -> dict[str, Any]:
        """Return the content of the JSON file."""
        foreign = self.foreign
        return {
            "model": self.model,
            "file": foreign.title,
            "sha256": foreign.checksum,
            "kind": foreign.kind,
            "part": foreign.part,
            "architecture": foreign.architecture.name,
            "channels": foreign.channels,
            "patch_size": self.card.patch_size,
            "bands": [{"name": name, "mean": mean, "std": std} for name, mean, std in self.bands],
            "scaling": self.scaling,
            "sample": self.sample,
            "classes": [
                {**to_plain(item), "predicted_fraction": fraction} for item, fraction in self.classes
            ],
            "matched": self.matched,
            "tensors": to_plain(foreign.matches),
            "unused": list(foreign.unused),
            "cautions": list(self.cautions),
            "recorded": dict(foreign.facts.recorded),
            "created": self.created,
            "parameters": self.parameters,
            "versions": self.versions,
            "provenance": to_plain(self.provenance),
        }


def write_import_report(path: Path, content: ImportContent, progress: Progress) -> None:
    """Write the page, its JSON file and its figures as in ``core.reporting.page``.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    with figure_style(content.card.bands):
        write_report(path, "import.html", content, content.document(), _pictures(content), progress)


def _pictures(content: ImportContent) -> list[Picture]:
    if content.card.survey is None:
        return []
    return [
        Picture(
            "band_values",
            Text(
                "Values of {raster} as the network reads them, in standard deviations from the mean: 1st to "
                "99th percentile, and median. Values of the training lie around 0, mostly from −3 to 3.",
                raster=content.sample,
            ),
            Text("Ranges of {count} bands after scaling", count=len(content.card.bands)),
            _draw_ranges(content.card),
        )
    ]


def _draw_ranges(card: ModelCard) -> Figure:
    """Return a chart of the range of each band after scaling."""
    quantiles = np.array(card.survey.quantiles if card.survey else ())[:, 1:4]
    std = np.array(card.scaling.std)[:, None]
    scaled = (quantiles - np.array(card.scaling.mean)[:, None]) / np.where(std > 0, std, 1.0)
    shown = scaled.clip(-_SHOWN_DEVIATIONS, _SHOWN_DEVIATIONS)
    count = len(card.bands)
    figure = new_figure(4.5 + 0.07 * max(map(text_width, card.bands)), 0.9 + _ROW_INCHES * count)
    axes = figure.add_subplot()
    places = np.arange(count)
    axes.axvspan(-3, 3, color="#E4E7EB", zorder=0, linewidth=0)
    axes.barh(places, shown[:, 2] - shown[:, 0], left=shown[:, 0], height=0.55, color=ACCENTS[5])
    axes.plot(shown[:, 1], places, "|", color="#1F2933", markersize=9, markeredgewidth=1.6)
    axes.set_yticks(places, card.bands)
    axes.set_ylim(count - 0.4, -0.6)
    axes.set_xlim(-_SHOWN_DEVIATIONS, _SHOWN_DEVIATIONS)
    axes.set_xlabel(say("standard deviations from the mean"))
    axes.tick_params(axis="y", length=0)
    return figure
