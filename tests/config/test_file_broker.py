"""The file broker's messages appear whole, however closely a worker looks."""

from __future__ import annotations

from queue import Empty
from threading import Thread

import pytest
from kombu.connection import Connection

from config import data_directory

MESSAGES = 300


@pytest.fixture
def broker(tmp_path):
    data_directory.prepare(tmp_path)
    return Connection(
        "filesystem://localhost",
        transport="config.file_broker:Transport",
        transport_options={
            "data_folder_in": str(data_directory.messages(tmp_path)),
            "data_folder_out": str(data_directory.messages(tmp_path)),
            "control_folder": str(data_directory.control(tmp_path)),
        },
    )


def test_it_delivers_every_message_once_and_leaves_no_file(broker, tmp_path):
    def send() -> None:
        with broker.clone() as connection, connection.SimpleQueue("work") as queue:
            for number in range(MESSAGES):
                queue.put({"number": number, "padding": "x" * 10_000})

    received: list[int] = []
    sender = Thread(target=send)
    with broker, broker.SimpleQueue("work") as queue:
        sender.start()
        while sender.is_alive() or len(received) < MESSAGES:
            try:
                message = queue.get_nowait()
            except Empty:
                continue
            message.ack()
            received.append(message.payload["number"])
    sender.join()
    assert sorted(received) == list(range(MESSAGES))
    assert list(data_directory.messages(tmp_path).iterdir()) == []
