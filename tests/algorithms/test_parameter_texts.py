"""Labels and help of parameters are short enough for a dialog and a tooltip."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.qgis

MAX_LABEL_WORDS = 4
MAX_SENTENCES = 2
MAX_HELP_WORDS = 55
"""Words of a help without a list of values; the longest one that reads well has fewer."""


@pytest.fixture(scope="module")
def parameters(plugin):
    from qgis.core import QgsApplication

    algorithms = QgsApplication.processingRegistry().providerById("deeplandcover").algorithms()
    return {
        f"{algorithm.name()}.{item.name()}": item
        for algorithm in algorithms
        for item in algorithm.parameterDefinitions()
    }


def plain(text: str) -> str:
    return re.sub(r"</?(?:b|i|code)>", "", text)


def sentences(help: str) -> list[str]:
    """Return the sentences of a help; a list of values counts as part of the sentence before it.

    A list says what each value means, as in ``<code>fp32</code>: 32 bits; <code>bf16</code>: 16 bits``. It
    needs the room, because the titles of the values in the dialog do not explain them.
    """
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9‘'\"]|<)", help)
    return [part for part in parts if not re.match(r"<code>\w+</code>(?:,? |: |;).*;", part)]


def test_a_list_of_values_is_not_counted_and_all_else_is():
    assert len(sentences("Number format. <code>a</code>: 32 bits; <code>b</code>: 16 bits.")) == 1
    assert len(sentences("Number format. <code>a</code> is usual.")) == 2
    assert len(sentences("One. Two. 0 is none. Empty: all.")) == 4


def test_labels_have_at_most_four_words_and_a_unit(parameters):
    labels = {name: re.sub(r" \([^)]*\)$", "", item.description()) for name, item in parameters.items()}
    assert len(labels) > 100
    assert not {name: text for name, text in labels.items() if len(text.split()) > MAX_LABEL_WORDS}
    assert not [name for name, text in labels.items() if not text]


def test_help_has_at_most_two_sentences(parameters):
    helps = {name: item.help() for name, item in parameters.items()}
    assert not [name for name, text in helps.items() if not text.endswith(".")]
    assert not {name: text for name, text in helps.items() if len(sentences(text)) > MAX_SENTENCES}
    words = {name: len(plain(" ".join(sentences(text))).split()) for name, text in helps.items()}
    assert not {name: count for name, count in words.items() if count > MAX_HELP_WORDS}


def test_what_has_no_room_in_the_help_is_on_the_page_that_it_opens(parameters, plugin):
    from deep_land_cover.algorithms.parameters.common import details
    from deep_land_cover.tools.make_reference import reference_pages

    page = reference_pages()["trainmodel.md"]
    folds = parameters["trainmodel.FOLDS"]
    assert "Each fold takes the time of a training." in details(folds)
    assert "Each fold takes the time of a training." not in folds.help()
    assert (
        page.index("### Folds") < page.index("Each fold takes the time") < page.index("### Maximum samples")
    )
