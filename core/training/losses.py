"""What training makes small."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import log_softmax

# Lin et al. 2017 found 2 best.
_GAMMA = 2.0


def loss_of(logits: Tensor, codes: Tensor, weights: Tensor, loss: str, smoothing: float) -> Tensor:
    """Return the mean loss of the samples, a scalar.

    The weight is the sample's: it multiplies its whole term, smoothing included. (PyTorch's own
    smoothing multiplies each class's share with that class's weight, which pulls every sample
    towards the rare classes.)

    Args:
        logits: Shape (samples, classes), float32.
        codes: Their classes, int64.
        weights: Of the classes, shape (classes,).
        loss: ``cross_entropy``, or ``focal``: the same times (1 - p)^2 of the true class's
            probability p (Lin et al. 2017, https://arxiv.org/abs/1708.02002).
        smoothing: Share of the label that is spread over all classes (Szegedy et al. 2016,
            https://arxiv.org/abs/1512.00567).
    """
    log_probabilities = log_softmax(logits, dim=1)
    true = log_probabilities.gather(1, codes[:, None]).squeeze(1)
    terms = -(1.0 - smoothing) * true - smoothing * log_probabilities.mean(dim=1)
    if loss == "focal":
        terms = terms * (1.0 - true.exp()) ** _GAMMA
    sample_weights = weights[codes]
    return (terms * sample_weights).sum() / sample_weights.sum()
