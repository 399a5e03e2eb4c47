from __future__ import annotations

from deep_land_cover.core.progress import Notes, SilentProgress


def test_a_warning_is_kept_and_said_once_other_lines_each_time() -> None:
    progress = SilentProgress()
    notes = Notes(progress)
    for text, level in (("a", "warning"), ("b", "info"), ("a", "warning"), ("b", "info"), ("c", "warning")):
        notes.log(text, level)
    assert notes.warnings == ["a", "c"]
    assert progress.lines == [("warning", "a"), ("info", "b"), ("info", "b"), ("warning", "c")]
