"""Agreement of two interpreters on the page of points: kappa, and the list of the disputed points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QGroupBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from ..algorithms.i18n.translation import tr, tr_number
from .agreement import Label, agreement, disputed

_ROWS_SHOWN = 6
Labels = Mapping[int, Label]


class DecisionBox(QGroupBox):
    """Kappa of two interpreters, the button that takes over what they agree on, and what they dispute.

    Args:
        go_to: Called with the id of a disputed point that was chosen.
        take_agreed: Called when the labels on which both agree shall be taken over.
    """

    def __init__(self, go_to: Callable[[int], None], take_agreed: Callable[[], None]) -> None:
        super().__init__(tr("Agreement"))
        self._go_to = go_to
        layout = QVBoxLayout(self)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.take_button = QPushButton()
        self.take_button.setToolTip(
            tr("Writes the labels on which both interpreters agree into the class field")
        )
        self.take_button.clicked.connect(lambda _checked=False: take_agreed())
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName(tr("Disputed points"))
        self.list.setToolTip(tr("Points that the two interpreters label differently. Choose one and decide."))
        self.list.setMinimumHeight(self.fontMetrics().height() * (_ROWS_SHOWN + 2))
        self.list.setColumnCount(4)
        header = self.list.header()
        header.setStretchLastSection(False)
        for column in range(4):
            mode = QHeaderView.ResizeMode.Stretch if column else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.list.currentItemChanged.connect(self._chosen)
        for widget in (self.summary, self.take_button, self.list):
            layout.addWidget(widget)
        self.hide()

    def disputed_of(self, points: Sequence[int], first: Labels, second: Labels) -> list[int]:
        """Return the disputed points in the order of the work."""
        differing = set(disputed(first, second))
        return [point for point in points if point in differing]

    def show_labels(
        self,
        first: Labels,
        second: Labels,
        decided: Labels,
        titles: Mapping[Label, str],
        ids: Mapping[int, object],
        current: int | None,
        is_deciding: bool,
    ) -> None:
        """Show the agreement of two interpreters.

        Args:
            first: Label of the first interpreter by id of the point.
            second: Label of the second interpreter by id of the point.
            decided: Label in the class field by id of the point.
            titles: Title of each class.
            ids: What users call each point.
            current: Id of the current point.
            is_deciding: Whether the disputed points are listed; else only numbers are shown.
        """
        pairs = {point: (label, second[point]) for point, label in first.items() if point in second}
        found = agreement(list(pairs.values()))
        self.summary.setText(self._summary(found.points, found.agreed, found.kappa, found.low, found.high))
        waiting = [
            point for point, (one, other) in pairs.items() if one == other and decided.get(point) != one
        ]
        self.take_button.setVisible(is_deciding)
        self.take_button.setEnabled(bool(waiting))
        self.take_button.setText(tr("Take over {} agreed labels").format(len(waiting)))
        self.list.setVisible(is_deciding)
        self.list.blockSignals(True)
        self.list.clear()
        self.list.setHeaderLabels([tr("Point"), tr("First"), tr("Second"), tr("Decided")])
        for point in ids if is_deciding else ():
            if point not in pairs or pairs[point][0] == pairs[point][1]:
                continue
            labels = (*pairs[point], decided.get(point))
            texts = ["" if label is None else str(titles.get(label, label)) for label in labels]
            row = QTreeWidgetItem([str(ids[point]), *texts])
            for column, text in enumerate(texts, start=1):
                row.setToolTip(column, text)
            row.setData(0, Qt.ItemDataRole.UserRole, point)
            self.list.addTopLevelItem(row)
            if point == current:
                self.list.setCurrentItem(row)
        self.list.blockSignals(False)

    def _summary(
        self, points: int, agreed: int, kappa: float | None, low: float | None, high: float | None
    ) -> str:
        if not points:
            return tr("No point was labelled by both interpreters yet.")
        text = tr("{} points labelled by both, {} alike ({} %).").format(
            points, agreed, tr_number(f"{100 * agreed / points:.0f}")
        )
        if kappa is None:
            return f"{text} {tr('Kappa is not defined: only one class was used.')}"
        numbers = (tr_number(f"{number:.2f}") for number in (kappa, low, high))
        return f"{text} {tr('Cohen’s kappa {} (95 % interval {} to {}).').format(*numbers)}"

    def _chosen(self, row: QTreeWidgetItem | None, _previous: object) -> None:
        if row is not None:
            self._go_to(row.data(0, Qt.ItemDataRole.UserRole))
