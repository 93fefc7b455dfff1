"""The one stream that carries every service's announcements, and how a listener reads it."""

import asyncio
from contextlib import suppress

import nats
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

STREAM = "CRM"
SUBJECTS = ["crm.>"]
MINIMUM_SERVER = (2, 12, 3)
DUPLICATE_WINDOW = 120
BATCH = 100
# How long to wait for the next message before saying that there is none.
IDLE = 5


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


async def follow(stream, subjects, start, name=None):
    """Yields the messages on `subjects` from sequence `start` on, in order: a list at a time, an empty one when idle.

    Ends when the broker's account of the log has a hole, and raises when the broker fails: then follow again from
    where you stand. A name is needed where rights are bound to it; nobody else may follow under it at the same time.
    """
    if name:
        with suppress(NotFoundError):
            await stream.delete_consumer(STREAM, name)
    consumer = await stream.add_consumer(STREAM, consumer_config(name, subjects, start))
    subscription = await stream.pull_subscribe_bind(consumer=consumer.name, stream=STREAM)
    expected = 1
    try:
        while True:
            try:
                messages = await subscription.fetch(BATCH, timeout=IDLE, heartbeat=1)
            except TimeoutError:
                messages = []
            for message in messages:
                if message.metadata.sequence.consumer != expected:
                    return
                expected += 1
            yield messages
    finally:
        await subscription.unsubscribe()


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
