"""Run the worked example on real data and keep docs/worked-example.md true.

The commands of the page are run as they stand there. Where a figure differs from the page's by more than the
tolerance, that is an error, and ``--write`` writes the page anew.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "worked-example.md"
# How the commands of the page name the folder of the data.
_SHOWN_DATA = "../shared/data"
# Points of accuracy, and hundredths of F1, that may lie between machines.
TOLERANCE = 1.0


@dataclass(frozen=True)
class Scene:
    """A raster with labels; names of files are relative to the folder of the data."""

    name: str
    title: str
    raster: str
    labels: Mapping[str, str]
    map_options: Mapping[str, str]

    def training(self) -> dict[str, str]:
        """Return the parameters of trainmodel."""
        labels = {
            name: value if name == "CLASS_FIELD" else f"{_SHOWN_DATA}/{value}"
            for name, value in self.labels.items()
        }
        return {
            "INPUT": f"{_SHOWN_DATA}/{self.raster}",
            **labels,
            "ARCHITECTURE": "tree_ensemble",
            "FOLDS": "5",
            "BASELINE": "true",
            "REPORT": f"{self.name}.html",
            "OUTPUT": f"{self.name}.skops",
        }

    def mapping(self) -> dict[str, str]:
        """Return the parameters of classifyraster."""
        return {
            "INPUT": f"{_SHOWN_DATA}/{self.raster}",
            "MODEL": f"{self.name}.skops",
            **self.map_options,
            "OUTPUT": f"{self.name}.tif",
        }


SCENES = (
    Scene(
        "gewata",
        "Landsat 7, Ethiopia: a label raster with the codes 1 to 6",
        "gewata_landsat7/gewata_B123457.tif",
        {"LABELS": "gewata_landsat7/gewata_lulc2011.tif"},
        {"STRIDE": "4"},
    ),
    Scene(
        "sen2",
        "Sentinel-2, Brazil, in degrees: polygons with a text class",
        "rstoolbox/sen2.tif",
        {"SAMPLES": "rstoolbox/training_sen2.gpkg", "CLASS_FIELD": "class"},
        {},
    ),
    Scene(
        "mexico",
        "Landsat 7, Mexico, 1999: thirty polygons",
        "mexico_landsat7/LE70220491999322EDC01_stack.gtif",
        {"SAMPLES": "mexico_landsat7/training_data.shp", "CLASS_FIELD": "class"},
        {},
    ),
)


@dataclass(frozen=True)
class Figures:
    """Held-out figures of a scene: accuracies in percent, F1 from 0 to 1."""

    held_out: str
    samples: int
    accuracy: float
    interval: tuple[float, float]
    macro_f1: float
    classes: int
    baseline_accuracy: float
    baseline_f1: float

    def row(self, name: str) -> str:
        """Return the line of the page's table."""
        low, high = self.interval
        return (
            f"| {name} | {self.held_out} | {self.samples:,} "
            f"| {self.accuracy:.1f} % ({low:.1f} to {high:.1f}) "
            f"| {self.macro_f1:.3f} over {self.classes} classes "
            f"| {self.baseline_accuracy:.1f} %, {self.baseline_f1:.3f} |"
        )


def command(algorithm: str, parameters: Mapping[str, str]) -> str:
    """Return a command of the page, on lines of moderate length."""
    lines = [f"./dev qgis_process run deeplandcover:{algorithm} --json --"]
    for name, value in parameters.items():
        word = f"{name}={value}"
        if len(lines[-1]) + len(word) > 100:
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += f" {word}"
    return "\n".join(lines)


def measure(scene: Scene, folder: Path) -> Figures:
    """Run the scene's two commands in ``folder`` and return the figures of its report."""
    _run("trainmodel", scene.training(), folder)
    report = json.loads((folder / f"{scene.name}.json").read_text(encoding="utf-8"))
    _run("classifyraster", scene.mapping(), folder)
    own, forest = report["judgement"], report["baseline"]["judgement"]
    overall = own["overall"]
    clusters = f"{report['test_clusters']} {report['split']}"
    return Figures(
        f"{clusters}, {scene.training()['FOLDS']} folds",
        report["test_samples"],
        100 * overall["value"],
        (100 * overall["low"], 100 * overall["high"]),
        own["macro_f1"]["value"],
        len(report["classes"]),
        100 * forest["overall"]["value"],
        forest["macro_f1"]["value"],
    )


def page(figures: Mapping[str, Figures], machine: str) -> str:
    """Return the page."""
    commands = "\n\n".join(
        f"# {scene.title}\n{command('trainmodel', scene.training())}\n"
        f"{command('classifyraster', scene.mapping())}"
        for scene in SCENES
    )
    rows = "\n".join(found.row(name) for name, found in figures.items())
    return f"""# Worked example on real data

Three scenes with reference labels, each trained and mapped by two commands. `{_SHOWN_DATA}` holds the
rasters here; replace the paths by your own.

```
{commands}
```

The results on {machine}, with *Trees with neighbourhoods*, an ensemble of extra trees and boosting:

| scene | held out | test samples | overall accuracy (95 %) | macro-F1 | baseline |
|---|---|---|---|---|---|
{rows}

The baseline is a random forest of single pixels on the same samples and folds. Test samples keep their
natural proportions and lie at least as far from all training samples as the model looks. The intervals are
wide where polygons or blocks are few. The settings of the trees were chosen on these scenes, so their
figures are a little flattered; [docs/accuracy.md](accuracy.md) says how they were chosen.

`./dev example` runs these commands and fails where a figure differs by more than {TOLERANCE:g} point.
"""


def differences(figures: Mapping[str, Figures], text: str) -> list[str]:
    """Return a sentence for each figure that lies farther from the page's than the tolerance."""
    found = []
    for name, now in figures.items():
        row = next((line for line in text.splitlines() if line.startswith(f"| {name} |")), None)
        if row is None:
            found.append(f"{name}: the page has no figures of it.")
            continue
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        before = [_number(cells[3]), 100 * _number(cells[4]), *_pair(cells[5])]
        measured = [now.accuracy, 100 * now.macro_f1, now.baseline_accuracy, 100 * now.baseline_f1]
        labels = (
            "overall accuracy",
            "macro-F1",
            "baseline's overall accuracy",
            "baseline's macro-F1",
        )
        found += [
            f"{name}: the {label} is {new:.1f} %, on the page {old:.1f} %."
            for label, new, old in zip(labels, measured, before, strict=True)
            if not abs(new - old) <= TOLERANCE
        ]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the example; return the exit code."""
    parser = argparse.ArgumentParser(prog="./dev example", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the page from the figures measured now")
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"Skipped: the example needs the rasters in {DATA}, which is not there.")
        return 0
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for scene in SCENES:
            figures[scene.name] = measure(scene, Path(folder))
            print(figures[scene.name].row(scene.name), flush=True)
    if options.write:
        PAGE.write_text(page(figures, _machine()), encoding="utf-8")
        return 0
    found = differences(figures, PAGE.read_text(encoding="utf-8") if PAGE.is_file() else "")
    print("\n".join(found) or f"All figures lie within {TOLERANCE:g} point of {PAGE.relative_to(ROOT)}.")
    return 1 if found else 0


def _run(algorithm: str, parameters: Mapping[str, Any], folder: Path) -> None:
    shown = command(algorithm, parameters).replace("\\\n", " ")
    words = [str(ROOT / "dev"), *shlex.split(shown)[1:]]
    here = [word.replace(f"={_SHOWN_DATA}/", f"={DATA}/") for word in words]
    subprocess.run(here, check=True, cwd=folder, stdout=subprocess.DEVNULL)


def _machine() -> str:
    from deep_land_cover.benchmarks.figures import describe_machine

    return describe_machine()


def _number(cell: str) -> float:
    found = re.match(r"[\d.]+", cell)
    return float(found.group()) if found else float("nan")


def _pair(cell: str) -> tuple[float, float]:
    accuracy, f1 = (_number(part.strip()) for part in cell.split(","))
    return accuracy, 100 * f1


if __name__ == "__main__":
    sys.exit(main())
