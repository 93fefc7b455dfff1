"""Talking to a supervisord that may end at any moment."""

import socket
import threading
from types import SimpleNamespace

import pytest

from deploy.local.supervision import SOCKET, Remote


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<?xml", b"garbage"])
def test_one_that_dies_while_it_answers_does_not_answer(tmp_path, answer):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / SOCKET))
    listener.listen()

    def die():
        connection, _ = listener.accept()
        with listener, connection:
            connection.recv(65536)
            connection.sendall(answer)

    thread = threading.Thread(target=die)
    thread.start()

    assert not Remote(SimpleNamespace(root=tmp_path)).answers()
    thread.join()
