"""Fraction of wrong labels that 'Inspect samples' finds after the labels of 5 % of the polygons were changed.

Polygons (or points) are drawn at random, and each gets a class drawn among the others. The samples are then
inspected as the tool does it. What counts is how many of the changed polygons are among the first so many of
the list: as many as were changed, twice as many, and a tenth of all. A list in random order has as many of
them as its part of all polygons. Of the labels as they are, some may be wrong as well.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.samples.patch_store import read_centres
from deep_land_cover.core.samples.spread import balanced_draw
from deep_land_cover.core.tasks.inspectsamples import judge_labels
from deep_land_cover.core.training.channels import filled, pixel_channels

from .figures import print_figure
from .scenes import SMALL_SCENES, Protocol, opened

_FRACTION = 0.05
_MAX_PER_CLASS = 1000
_PROTOCOL = Protocol(seed=0, gap=1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the found fractions of each scene, over the seeds."""
    parser = argparse.ArgumentParser(prog="./dev bench suspects", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--scenes", nargs="+", default=["rstoolbox_sentinel2", "mexico"])
    chosen = parser.parse_args(arguments)
    for scene in SMALL_SCENES:
        if scene.name not in chosen.scenes:
            continue
        with opened(scene, _PROTOCOL, needs_validation=False) as opened_scene:
            samples = opened_scene.samples
            stack, preparation = opened_scene.stack, opened_scene.preparation
            columns = [stack.band_names.index(name) for name in preparation.bands]
            values = read_centres(stack, samples, SilentProgress())[:, columns]
            channels = filled(pixel_channels(np.ascontiguousarray(values), preparation))
            names, first, members = np.unique(samples.groups, return_index=True, return_inverse=True)
            count = max(1, round(_FRACTION * len(names)))
            runs = []
            for seed in range(chosen.seeds):
                generator = np.random.default_rng(seed)
                changed = generator.choice(len(names), count, replace=False)
                labels = samples.codes[first].copy()
                labels[changed] = (
                    labels[changed] + generator.integers(1, len(samples.classes), count)
                ) % len(samples.classes)
                wrong = replace(samples, codes=labels[members])
                drawn = balanced_draw(wrong, members, _MAX_PER_CLASS, seed)
                units = members[drawn]
                suspects = judge_labels(
                    wrong.subset(drawn), channels[drawn], units, units, seed, SilentProgress()
                ).suspects
                is_changed = np.isin(suspects.units, changed)
                tenth = max(1, round(0.1 * len(names)))
                right = labels.copy()
                right[changed] = samples.codes[first][changed]
                runs.append(
                    {
                        "first_so_many": int(is_changed[:count].sum()),
                        "first_twice_as_many": int(is_changed[: 2 * count].sum()),
                        "first_tenth": int(is_changed[:tenth].sum()),
                        "listed": int(suspects.are_doubtful.sum()),
                        "changed_and_listed": int((is_changed & suspects.are_doubtful).sum()),
                        "proposed_original": int(
                            (suspects.proposed == right[suspects.units])[is_changed].sum()
                        ),
                    }
                )
            total = count * len(runs)
            sums = {name: sum(run[name] for run in runs) for name in runs[0]}
            print_figure(
                f"suspects.{scene.name}",
                round(100 * sums["first_so_many"] / total, 1),
                "% of changed polygons among the first so many",
                baseline=round(100 * count / len(names), 1),
                polygons=len(names),
                samples=len(samples),
                classes=len(samples.classes),
                changed=count,
                seeds=len(runs),
                first_twice_as_many=round(100 * sums["first_twice_as_many"] / total, 1),
                first_tenth=round(100 * sums["first_tenth"] / total, 1),
                changed_and_listed=round(100 * sums["changed_and_listed"] / total, 1),
                original_class_proposed=round(100 * sums["proposed_original"] / total, 1),
                listed_per_run=round(sums["listed"] / len(runs), 1),
                by_seed=[run["first_so_many"] for run in runs],
            )


if __name__ == "__main__":
    main()
