"""Whatever goes wrong in a task reaches the caller as an error of ours, and the worker goes on."""

from __future__ import annotations

import pytest

from deep_land_cover.core import errors


@pytest.mark.parametrize(
    "leaf", ["RasterError", "SampleError", "ModelFileError", "DeviceError", "ParameterError"]
)
def test_an_error_of_a_task_keeps_its_leaf_and_its_parts(client, act, recorder, leaf):
    heard = recorder()
    with pytest.raises(errors.LandCoverError) as caught:
        client.run("act", act("raise", leaf), heard)
    assert type(caught.value) is getattr(errors, leaf)
    assert (caught.value.what, caught.value.where, caught.value.advice) == (
        "It happened",
        "dort, ü",
        "Do this.",
    )
    assert "Traceback" not in heard.text


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        ("disk", "The disk is full"),
        ("memory", "The memory of the computer is full"),
        ("exit", "An unexpected error occurred: SystemExit: 3"),
        ("interrupt", "An unexpected error occurred: KeyboardInterrupt"),
        ("anything", "An unexpected error occurred: ValueError: odd, 奇"),
    ],
)
def test_whatever_a_task_raises_is_a_sentence_and_the_loop_goes_on(client, act, recorder, cause, sentence):
    before = client.run("act", act("echo"), recorder())["pid"]
    heard = recorder()
    with pytest.raises(errors.LandCoverError) as caught:
        client.run("act", act("raise", cause), heard)
    assert sentence in str(caught.value)
    assert any(level == "warning" and "Traceback" in text for level, text in heard.lines)
    assert client.run("act", act("echo"), recorder())["pid"] == before


def test_a_result_without_plain_form_is_an_error(client, act, recorder):
    with pytest.raises(errors.WorkerError, match="object has no plain form"):
        client.run("act", act("unspeakable"), recorder())


@pytest.mark.parametrize("task", ["nosuch", "__init__", "../loop", "os", "tasks.act", ""])
def test_an_unknown_task_is_an_error(client, act, recorder, task):
    with pytest.raises(errors.WorkerError, match="is not a task"):
        client.run(task, act("echo"), recorder())


def test_a_request_that_does_not_fit_is_an_error(client, act, recorder):
    with pytest.raises(errors.WorkerError, match="does not fit"):
        client.run("act", act(5), recorder())
