"""Terrain of the demo scene: random fields, and a river with oxbow, tributary and lake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from ..arrays import BoolArray, Float64Array

Field = NDArray[np.floating[Any]]
CELL = 5.0
"""Side of a cell of the fine grid, in metres. A pixel has 4 x 4 cells."""


def smooth_field(rng: np.random.Generator, size: int, length: float) -> Field:
    """Return Gaussian noise with mean 0, standard deviation 1 and one correlation length.

    White noise is filtered with a Gaussian.

    Args:
        rng: Random generator.
        size: Side of the field, in cells.
        length: Standard deviation of the Gaussian, in cells. Structures are about three times as wide.
    """
    return _filtered(rng, size, lambda frequency: np.exp(-2 * (np.pi * length * frequency) ** 2))


def fractal_field(rng: np.random.Generator, size: int, longest: float, slope: float = 1.6) -> Field:
    """Return noise with mean 0, standard deviation 1 and detail at every scale up to ``longest``.

    The amplitude falls with frequency to the power of ``slope``, as in terrain (1.5 to 2).

    Args:
        rng: Random generator.
        size: Side of the field, in cells.
        longest: Longest wavelength, in cells.
        slope: Exponent of the decrease of the amplitude with frequency.
    """
    return _filtered(rng, size, lambda frequency: np.maximum(frequency, 1 / longest) ** -slope)


def _filtered(rng: np.random.Generator, size: int, response: Callable[[Field], Field]) -> Field:
    rows = np.fft.fftfreq(size)[:, np.newaxis]
    columns = np.fft.rfftfreq(size)[np.newaxis, :]
    weights = response(np.hypot(rows, columns))
    weights[0, 0] = 0.0
    spectrum = np.fft.rfft2(rng.standard_normal((size, size), dtype=np.float32))
    field = np.fft.irfft2(spectrum * weights, s=(size, size))
    return np.asarray(field / field.std(), np.float32)


@dataclass(frozen=True)
class River:
    """Water bodies of a scene on the fine grid. Each array has shape (size, size).

    Attributes:
        turbid: Whether each cell is in the river or its tributary.
        clear: Whether each cell is in the oxbow or the lake.
        bars: Whether each cell is in a sand bar on the inner side of a bend.
        distance: Distance of each cell to the centre line of the river, in metres.
        northness: Distance of each cell north of the mean line of the river, in metres.
    """

    turbid: BoolArray
    clear: BoolArray
    bars: BoolArray
    distance: Field
    northness: Field


def make_river(rng: np.random.Generator, size: int) -> River:
    """Return the water bodies of a scene.

    Args:
        rng: Random generator.
        size: Side of the scene, in cells.
    """
    extent = size * CELL
    x, y = cell_centres(size)
    course = _meander(rng, start=(-400.0, extent * rng.uniform(0.42, 0.55)), heading=rng.uniform(-0.12, 0.12))
    course = course[course[:, 0] < extent + 400]
    distance, nearest = distance_to(course, size)
    swell = 1 + 0.22 * np.sin(np.arange(len(course)) * CELL / 900 + rng.uniform(0, 6.3))
    half_width = (95 * swell)[nearest]
    tilt = np.polynomial.Polynomial.fit(course[:, 0], course[:, 1], 1)
    side = _meander(
        rng, start=(extent * rng.uniform(0.55, 0.8), -300.0), heading=np.pi / 2, swing=0.85, period=1150.0
    )
    to_river, _ = cKDTree(course).query(side)
    side_distance, _ = distance_to(side[: int(np.argmax(to_river < 60))], size)
    bends = _bends(course, extent)
    return River(
        turbid=(distance < half_width) | (side_distance < 24),
        clear=_oxbow(rng, bends, size) | _lake(rng, x, y, tilt, extent),
        bars=_bars(bends, x, y) & (np.abs(distance - half_width) < 60),
        distance=distance,
        northness=np.asarray(tilt(x) - y, np.float32),
    )


def cell_centres(size: int) -> tuple[Field, Field]:
    """Return x (1, size) and y (size, 1) of the cells' centres, in metres."""
    centres = ((np.arange(size) + 0.5) * CELL).astype(np.float32)
    return centres[np.newaxis, :], centres[:, np.newaxis]


def distance_to(points: Float64Array, size: int) -> tuple[Field, NDArray[np.intp]]:
    """Return the distance of each cell to the nearest point in metres, and that point's index.

    Both have shape (size, size). Points outside the scene count up to a distance of 100 cells.

    Args:
        points: x and y of points in metres, no more than a cell apart, shape (points, 2).
        size: Side of the scene, in cells.
    """
    margin = 100
    wide = size + 2 * margin
    cells = np.floor(points / CELL).astype(int) + margin
    inside = np.all((cells >= 0) & (cells < wide), axis=1)
    number = np.zeros((wide, wide), np.intp)
    empty = np.ones((wide, wide), bool)
    columns, rows = cells[inside].T
    number[rows, columns] = np.flatnonzero(inside)
    empty[rows, columns] = False
    distance, (near_rows, near_columns) = distance_transform_edt(empty, return_indices=True)
    inner = (slice(margin, -margin), slice(margin, -margin))
    return (distance[inner] * CELL).astype(np.float32), number[near_rows, near_columns][inner]


def _meander(
    rng: np.random.Generator,
    start: tuple[float, float],
    heading: float,
    swing: float = 1.15,
    period: float = 3100.0,
) -> Float64Array:
    """Return the course of a river as points (N, 2) in metres, a cell apart.

    It is a sine-generated curve: the direction is a sine of the distance along the river (Langbein and
    Leopold 1966, River meanders: theory of minimum variance, USGS Professional Paper 422-H).
    """
    way = np.arange(0, 16000, CELL)
    drift = 0.22 * np.sin(2 * np.pi * way / (period * 2.3) + rng.uniform(0, 2 * np.pi))
    strength = swing * (1 + 0.18 * np.sin(2 * np.pi * way / (period * 1.7) + rng.uniform(0, 2 * np.pi)))
    angle = heading + drift + strength * np.sin(2 * np.pi * way / period + rng.uniform(0, 2 * np.pi))
    steps = np.stack([np.cos(angle), np.sin(angle)], axis=1) * CELL
    return np.asarray(np.array(start) + np.cumsum(steps, axis=0), np.float64)


def _bends(course: Float64Array, extent: float) -> list[tuple[Float64Array, Float64Array]]:
    """Return apex and unit vector to the inner bank of each bend inside the scene."""
    steps = np.diff(course, axis=0)
    angle = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    curvature = np.gradient(np.convolve(angle, np.ones(60) / 60, mode="same"))
    strength = np.abs(curvature)
    bends = []
    for index in range(120, len(strength) - 120):
        apex = course[index]
        is_peak = strength[index] == strength[index - 120 : index + 121].max()
        if is_peak and np.all((apex > 150) & (apex < extent - 150)):
            normal = np.array([-steps[index, 1], steps[index, 0]]) / CELL
            bends.append((apex, normal * np.sign(curvature[index])))
    return bends


def _bars(bends: list[tuple[Float64Array, Float64Array]], x: Field, y: Field) -> BoolArray:
    bars = np.zeros((y.size, x.size), bool)
    for apex, inwards in bends:
        centre = apex + inwards * 90
        bars |= np.hypot(x - centre[0], y - centre[1]) < 210
    return bars


def _oxbow(rng: np.random.Generator, bends: list[tuple[Float64Array, Float64Array]], size: int) -> BoolArray:
    """Return an oxbow lake on the outer side of a bend."""
    if not bends:
        return np.zeros((size, size), bool)
    apex, inwards = bends[int(rng.integers(len(bends)))]
    centre = apex - inwards * rng.uniform(560, 680)
    facing = np.arctan2(*(-inwards)[::-1])
    angles = facing + np.linspace(-2.0, 2.0, 600)
    radius = rng.uniform(250, 310) * (1 + 0.12 * np.sin(2 * angles))
    arc = centre + np.stack([np.cos(angles) * radius, np.sin(angles) * radius], axis=1)
    distance, _ = distance_to(arc, size)
    return np.asarray(distance < 38)


def _lake(
    rng: np.random.Generator, x: Field, y: Field, tilt: np.polynomial.Polynomial, extent: float
) -> BoolArray:
    """Return a lake south of the river."""
    east = extent * rng.uniform(0.2, 0.8)
    south = min(float(tilt(east)) + extent * rng.uniform(0.22, 0.3), extent * 0.9)
    angle = np.arctan2(y - south, x - east)
    shore = 230 * (1 + 0.25 * np.sin(2 * angle + rng.uniform(0, 6)) + 0.15 * np.sin(5 * angle))
    return np.asarray(np.hypot(x - east, y - south) < shore)
