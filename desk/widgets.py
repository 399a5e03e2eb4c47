"""Small widgets of the desk: icons, colour patches, and the keys that work in the dock and in the maps."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, QObject, QSize, Qt
from qgis.PyQt.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractSpinBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QTextEdit,
    QToolButton,
    QWidget,
)

_TYPED = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
UNDO_KEY = "Ctrl+Z"
_NAMES: dict[int, str] = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Delete: "Delete",
}


def color_icon(color: str, widget: QWidget) -> QIcon:
    """Return a patch of a colour in the size of a small icon, with a border that any theme shows."""
    side = widget.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(QColor(color))
    painter = QPainter(pixmap)
    painter.setPen(widget.palette().text().color())
    painter.drawRect(0, 0, side - 1, side - 1)
    painter.end()
    return QIcon(pixmap)


def tool_button(icon: str, text: str, tip: str, slot: Callable[[], object] | None = None) -> QToolButton:
    """Return a button with one of QGIS's own icons, which follow its theme.

    Args:
        icon: Name of the file of the icon; empty for a button with text only.
        text: Text for readers of the screen, and beside the icon where there is no icon.
        tip: Tooltip.
        slot: Called on a click; None where that is connected later.
    """
    button = QToolButton()
    button.setText(text)
    if icon:
        button.setIcon(QgsApplication.getThemeIcon(icon))
    else:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if slot is not None:
        button.clicked.connect(lambda _checked=False: slot())
    return button


def key_name(event: QKeyEvent) -> str:
    """Return the name of a key as the desk uses them: ``1``, ``A``, ``Enter``, ``Ctrl+Z``; else empty."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = event.key()
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        return UNDO_KEY if key == Qt.Key.Key_Z else ""
    if modifiers not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return ""
    if key in _NAMES:
        return _NAMES[key]
    # By what is typed: on some keyboards digits need the shift key.
    text = event.text().upper()
    return text if len(text) == 1 and text.isascii() and text.isalnum() else ""


class TextLine(QLineEdit):
    """Field for a line of text that keeps Enter for itself, which would go to the next point."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class Keys(QObject):
    """Takes the keys of the desk from widgets before QGIS's own shortcuts, but for fields to type in.

    Args:
        act: Called with the name of a key and whether to act or only to say if the key is known.
        parent: Parent object.
    """

    def __init__(self, act: Callable[[str, bool], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._act = act

    def watch(self, widget: QWidget) -> None:
        """Take the keys from a widget and all in it."""
        for item in (widget, *widget.findChildren(QWidget)):
            item.removeEventFilter(self)
            item.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Act on a key, or claim it before a shortcut of the main window gets it."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if isinstance(watched, _TYPED) or not isinstance(event, QKeyEvent):
            return False
        is_press = event.type() == QEvent.Type.KeyPress
        name = key_name(event)
        # In a map, Delete is for the selected features.
        if not name or (name == "Delete" and isinstance(watched, QGraphicsView)):
            return False
        if not self._act(name, is_press):
            return False
        event.accept()
        return True
