"""Texts of the worker in the user's language.

The core knows no Qt: a text travels as its English template and the values of its fields, see
``core.text.Text``. The template is translated here and filled with the same values. A text without a
translation stays English.
"""

from __future__ import annotations

from ...core.errors import LandCoverError
from ...core.text import Text
from .translation import is_translated, tr


def translated_error(error: LandCoverError) -> str:
    """Return the message of an error, see ``LandCoverError``, in the user's language.

    ``where`` stays unchanged: the name of a file, a layer or a parameter may look like a word.
    """
    return translated_message(error.sentence)


def translated_message(text: str) -> str:
    """Return a text of the worker in the user's language, as a plain string, which Qt knows."""
    return Text(text).translated(tr) if is_translated() and text.strip() else str(text)
