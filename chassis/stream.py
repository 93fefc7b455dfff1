"""The one stream that carries every service's announcements, and how a listener reads it."""

import asyncio

import nats
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

STREAM = "CRM"
SUBJECTS = ["crm.>"]
MINIMUM_SERVER = (2, 12, 3)
DUPLICATE_WINDOW = 120


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
    """Returns a consumer that remembers nothing: its reader knows where it stands, in its own database."""
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
