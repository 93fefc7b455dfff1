"""The feed that calendar programs read: they show no header, so the key stands in the address, and opens nothing else.

Whatever is wrong about a key, the answer is the same: there is no such page.
"""

import hashlib

import grpc
from crm.events.v1 import calendar_pb2
from flask import Response, g, request
from google.rpc import code_pb2
from werkzeug.exceptions import NotFound

from chassis import errors
from gateway import caller
from gateway.identity import credentials
from gateway.titles import portal_title

PLACE = "/calendar/<key>.ics"
SCOPES = (credentials.CALENDAR,)
FOREVER_WRONG = (code_pb2.NOT_FOUND, code_pb2.INVALID_ARGUMENT, code_pb2.PERMISSION_DENIED)


def register(app, routes, identity, backends):
    """Adds the address."""
    [route] = [route for route in routes if route.method.name == "DownloadCalendar"] or [None]
    if route is not None:
        feed = Feed(route, identity, backends)
        app.add_url_rule(PLACE, "calendar", feed.show, methods=["GET"], provide_automatic_options=False)


class Feed:
    """The events that the owner of a key may see."""

    def __init__(self, route, identity, backends):
        self.route = route
        self.identity = identity
        self.backends = backends

    def show(self, key):
        """The feed, or that it is as it was."""
        caller.identify(self._owner(key))
        g.caller.service, g.caller.rpc = self.route.service, self.route.method.name
        title = portal_title(self.identity)
        wanted = calendar_pb2.DownloadCalendarRequest(filter=request.args.get("filter", ""), title=title)
        try:
            parts = [*self.backends.call(self.route, wanted, g.caller)]
        except grpc.RpcError as error:
            if errors.status_of(error).code not in FOREVER_WRONG:
                raise
            raise NotFound from None
        response = Response(b"".join(part.data for part in parts), content_type=parts[0].content_type)
        response.headers["Cache-Control"] = "private, no-cache"
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
        return response.make_conditional(request)

    def _owner(self, key):
        """Whose key it is. Refuses any that is for something else."""
        if not key.startswith(credentials.API_KEY_PREFIX):
            raise NotFound
        actor = self.identity.read(lambda: credentials.actor_of(self.identity.reading, key))
        if actor is None or actor.scopes != SCOPES or not actor.crm_access:
            raise NotFound
        return actor
