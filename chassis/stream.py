"""The one stream that carries every service's announcements, and how a listener reads it."""

import asyncio
import json
from contextlib import suppress

import nats
from nats.errors import ConnectionClosedError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

STREAM = "CRM"
SUBJECTS = ["crm.>"]
MINIMUM_SERVER = (2, 12, 3)
DUPLICATE_WINDOW = 120
BATCH = 100
# How long a request for messages stays open at the broker, and how long its answers may take besides.
IDLE = 2
REQUEST = 5
PULL = json.dumps({"batch": BATCH, "expires": IDLE * 1_000_000_000}).encode()


def stream_config(replicas, max_bytes):
    """Returns how the stream is kept: on disk, without an age, limited by size alone."""
    return StreamConfig(
        name=STREAM,
        subjects=SUBJECTS,
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        num_replicas=replicas,
        max_bytes=max_bytes,
        duplicate_window=DUPLICATE_WINDOW,
        allow_direct=True,
    )


def consumer_config(name, subjects, start):
    """Returns a consumer that remembers nothing: its reader knows where it stands. Without a name it gets one."""
    return ConsumerConfig(
        name=name,
        filter_subjects=sorted(subjects),
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=start,
        ack_policy=AckPolicy.NONE,
        inactive_threshold=300,
        mem_storage=True,
        num_replicas=1,
    )


async def follow(connection, subjects, start, name=None):
    """Yields the messages on `subjects` from sequence `start` on, in order: as many as are there, none when idle.

    Ends when the broker's account of the log has a hole, and raises when the broker fails: then follow again from
    where you stand. A name is needed where rights are bound to it; nobody else may follow under it at the same time.
    """
    stream = connection.jetstream(timeout=REQUEST)
    if name:
        with suppress(NotFoundError):
            await stream.delete_consumer(STREAM, name)
    consumer = await stream.add_consumer(STREAM, consumer_config(name, subjects, start))
    pull = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{consumer.name}"
    inbox = connection.new_inbox()
    subscription = await connection.subscribe(inbox)
    expected, wanted = 1, 0
    try:
        while True:
            # The library's own fetch waits until a batch is full; here a message is handed on when it comes.
            if wanted <= 0:
                await connection.publish(pull, PULL, reply=inbox)
                wanted = BATCH
            messages, ended = await _arrived(subscription)
            wanted = 0 if ended else wanted - len(messages)
            for message in messages:
                if message.metadata.sequence.consumer != expected:
                    return
                expected += 1
            yield messages
    finally:
        with suppress(ConnectionClosedError):
            await subscription.unsubscribe()


async def _arrived(subscription):
    """Returns the messages that are there, after waiting for the first, and whether the broker ended the request."""
    messages = [await subscription.next_msg(timeout=IDLE + REQUEST)]
    while subscription.pending_msgs:
        messages.append(await subscription.next_msg(timeout=REQUEST))
    statuses = [message.headers["Status"] for message in messages if "Status" in (message.headers or {})]
    if set(statuses) - {"404", "408"}:
        raise ConnectionError(f"the broker ended the reading: {statuses}")
    return [message for message in messages if "Status" not in (message.headers or {})], bool(statuses)


def stream_key(info):
    """Returns what tells this stream from one made later under the same name."""
    return f"{STREAM}@{info.created}"


async def _provision(url, replicas, max_bytes):
    connection = await nats.connect(url, name="provision", connect_timeout=5, max_reconnect_attempts=3)
    try:
        server = connection.connected_server_version
        version = (server.major, server.minor, server.patch)
        if version < MINIMUM_SERVER:
            raise RuntimeError(f"nats-server {version} is too old: {MINIMUM_SERVER} or newer is needed")
        stream = connection.jetstream(timeout=10)
        config = stream_config(replicas, max_bytes)
        try:
            await stream.stream_info(STREAM)
            await stream.update_stream(config)
        except NotFoundError:
            await stream.add_stream(config)
    finally:
        await connection.close()


def provision(url, replicas=1, max_bytes=10 * 1024**3):
    """Makes the stream, or brings it up to date. Needs the broker's set-up user; services may not do this."""
    asyncio.run(_provision(url, replicas, max_bytes))
