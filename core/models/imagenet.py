"""ImageNet weights by torchvision's own lists, fetched only when they are asked for."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import torch
from torchvision.models import get_model_weights

from ..errors import ModelFileError, ParameterError
from ..progress import Progress
from .architecture import Architecture
from .start import Start
from .state_files import read_state

_CHANNELS = (frozenset({"red"}), frozenset({"green"}), frozenset({"blue"}))


def imagenet_start(architecture: Architecture, progress: Progress) -> Start:
    """Return the weights of torchvision's default training on ImageNet (red, green, blue).

    They lie where ``TORCH_HOME`` says, in the cache folder; where they do not, they are fetched.

    Raises:
        ParameterError: There are none for this architecture.
        ModelFileError: They are not in the cache and cannot be fetched; names file, source and folder.
    """
    if not architecture.imagenet:
        raise ParameterError(
            f"There are no ImageNet weights for {architecture.title}",
            where="WEIGHTS",
            advice="Choose WEIGHTS=none, or a ResNet.",
        )
    weights = get_model_weights(architecture.imagenet)["DEFAULT"]
    path = _cached(weights.url, progress)
    return Start(read_state(path), _CHANNELS)


def _cached(url: str, progress: Progress) -> Path:
    name = Path(urlsplit(url).path).name
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    path = folder / name
    if path.is_file():
        return path
    progress.log(f"Fetching {url} into {folder}.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The first digits of the file's SHA-256 checksum are the last part of its name.
        digits = path.stem.rpartition("-")[2]
        torch.hub.download_url_to_file(url, str(path), hash_prefix=digits, progress=False)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelFileError(
            f"The ImageNet weights cannot be fetched: {reason}",
            where=url,
            advice=f"Without a network: fetch {name} from that address on another machine, put it into the "
            f"folder {folder} and run again. Or choose WEIGHTS=none.",
        ) from error
    return path
