"""One contract for every broker: embedded always, Redis and RabbitMQ where one is started."""

import multiprocessing
import os

import pytest
from kombu import Connection

import config.celery  # noqa: F401  names the embedded transport

pytestmark = pytest.mark.services
ADDRESSES = {"redis": "TEST_REDIS_URL", "rabbitmq": "TEST_AMQP_URL"}


def where_started(name):
    missing = ADDRESSES[name] not in os.environ
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason=f"no {ADDRESSES[name]}"))


@pytest.fixture(params=["embedded", *map(where_started, ADDRESSES)])
def connect(request, tmp_path):
    """``connect()`` opens one more connection to the same broker."""

    def open_one():
        if request.param in ADDRESSES:
            return Connection(os.environ[ADDRESSES[request.param]])
        return Connection(
            "embedded://here", transport_options={"path": str(tmp_path / "b.sqlite3")}
        )

    yield open_one
    with open_one() as last:
        last.SimpleQueue("work").clear()


def take(queue):
    message = queue.get(block=True, timeout=2)
    message.ack()
    return message.payload


def test_messages_keep_their_order(connect):
    with connect() as connection:
        queue = connection.SimpleQueue("work")
        for number in range(5):
            queue.put({"number": number})
        assert [take(queue)["number"] for _ in range(5)] == list(range(5))


def test_two_consumers_never_get_the_same_message(connect):
    with connect() as one, connect() as two:
        first, second = one.SimpleQueue("work"), two.SimpleQueue("work")
        for queue in (
            first,
            second,
        ):  # as the workers have it; else RabbitMQ gives all to the first
            queue.consumer.qos(prefetch_count=1)
        for number in range(10):
            first.put(number)
        seen = [take(queue) for _ in range(5) for queue in (first, second)]
        assert sorted(seen) == list(range(10))


def test_messages_outlive_the_connection_that_sent_them(connect):
    with connect() as connection:
        connection.SimpleQueue("work").put("Fräulein Ångström, 1912 📷")
    with connect() as connection:
        assert take(connection.SimpleQueue("work")) == "Fräulein Ångström, 1912 📷"


def test_purging_counts_and_empties(connect):
    with connect() as connection:
        queue = connection.SimpleQueue("work")
        queue.put(1)
        queue.put(2)
        assert queue.clear() == 2
        with pytest.raises(queue.Empty):
            queue.get(block=False)


def test_an_empty_queue_says_so(connect):
    with connect() as connection, pytest.raises(connection.SimpleQueue("work").Empty):
        connection.SimpleQueue("work").get(block=True, timeout=0.3)


def _send_from_child(connect):
    with connect() as connection:
        connection.SimpleQueue("work").put("from the child")


def test_a_fork_after_use_is_safe(connect):
    with connect() as connection:
        queue = connection.SimpleQueue("work")
        queue.put("from the parent")
        child = multiprocessing.get_context("fork").Process(
            target=_send_from_child, args=(connect,)
        )
        child.start()
        child.join(20)
        assert child.exitcode == 0
        assert {take(queue), take(queue)} == {"from the parent", "from the child"}
