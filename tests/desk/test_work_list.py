"""Order of the work, keys and time left."""

from __future__ import annotations

from deep_land_cover.desk.work_list import MAX_PAUSE_SECONDS, Pace, WorkList, class_keys


def test_next_unlabelled_goes_around_the_end_and_stops_when_all_is_done():
    work = WorkList([5, 6, 7, 8], labelled=[6, 99])
    assert work.left == 3
    assert [work.next_unlabelled(), work.next_unlabelled(), work.next_unlabelled()] == [7, 8, 5]
    for point in (5, 7, 8):
        work.set_labelled(point, True)
    assert work.next_unlabelled() is None
    assert (work.current, work.left) == (5, 0)
    work.set_labelled(8, False)
    assert work.next_unlabelled() == 8


def test_steps_go_around_both_ends():
    work = WorkList([5, 6, 7])
    assert [work.step(-1), work.step(1), work.step(1)] == [7, 5, 6]
    assert work.number == 2
    assert not work.go_to(99)
    assert work.current == 6


def test_an_empty_list_has_no_point():
    work = WorkList([])
    assert (work.current, work.number, work.step(1), work.next_unlabelled()) == (None, 0, None, None)


def test_keys_are_digits_then_letters_that_are_no_commands():
    keys = class_keys(32)
    assert keys[:11] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B"]
    assert not {"N", "P", "U", "Z", "M"} & set(keys)
    assert keys[30:] == ["", ""]
    used = [key for key in keys if key]
    assert len(used) == len(set(used)) == 30


def test_time_left_is_that_of_the_median_and_leaves_breaks_out():
    pace = Pace()
    for moment in (0, 10, 20, 30, 30 + MAX_PAUSE_SECONDS + 1, 30 + MAX_PAUSE_SECONDS + 21):
        pace.note(moment)
    # 10, 10, 10 and 20 seconds.
    assert pace.minutes_left(60) == 10


def test_few_labels_say_nothing_of_the_time():
    pace = Pace()
    for moment in (0, 10, 20):
        pace.note(moment)
    assert pace.minutes_left(60) is None
