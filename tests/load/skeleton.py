"""What the stack costs without us: Flask, gRPC and one raw query, with no sign-in, rights, validation or events.

The ground that every figure is compared with. Two processes, as in production: `serve` is the gRPC service with a pool
of raw connections, `create_app` the Flask application, under the gateway's own gunicorn settings.
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import grpc
import orjson
import psycopg
from crm.contacts.v1 import contacts_pb2 as pb
from flask import Flask, Response, request
from psycopg.types.json import Jsonb

from chassis.rpc import SERVER_OPTIONS, Client, handlers

SERVICE = pb.DESCRIPTOR.services_by_name["ContactsService"]
FIELDS = (
    "id, version, create_time, update_time, creator, kind, first_name, last_name, company_name, display_name,"
    " job_title, emails, phones, managers, sharing, state"
)
NAMES = (*FIELDS.split(", ")[2:], "addresses", "description")
GET = f"SELECT {FIELDS}, addresses, description FROM contact WHERE id = %s"  # noqa: S608
LIST = f"SELECT {FIELDS} FROM contact ORDER BY sort_key, id LIMIT 51"  # noqa: S608
CREATE = (
    "INSERT INTO contact (version, create_time, update_time, creator, kind, first_name, last_name, company_name,"
    " display_name, job_title, emails, phones, addresses, description, managers, sharing, state, sort_key, search_text)"
    " VALUES (1, %s, %s, 'users/1', 'PERSON', %s, %s, '', %s, '', %s, %s, '[]', '', '{users/1}', 'PRIVATE', 'ACTIVE',"
    " %s, %s) RETURNING id"
)
JSON = "application/json"
local = threading.local()


def connection():
    """This thread's own connection: no pool is cheaper."""
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["SKELETON_DATABASE"], autocommit=True)
    return local.connection


def message(row):
    """A row as the message that the real service answers with."""
    return pb.Contact(name=f"contacts/{row[0]}", etag=f'"{row[1]}"', **dict(zip(NAMES, row[2:], strict=False)))


def get(asked, _):
    """One row by its key."""
    return message(connection().execute(GET, [int(asked.name.rpartition("/")[2])]).fetchone())


def page(asked, _):
    """Fifty rows in the order of an index."""
    rows = connection().execute(LIST).fetchall()
    return pb.ListContactsResponse(contacts=[message(row) for row in rows[:50]])


def create(asked, _):
    """One row more."""
    contact, now = asked.contact, datetime.now(UTC)
    name = f"{contact.first_name} {contact.last_name}"
    emails = Jsonb([{"value": email.value} for email in contact.emails])
    values = [now, now, contact.first_name, contact.last_name, name, emails, Jsonb([]), name.lower(), name.lower()]
    connection().execute(CREATE, values)
    return contact


def serve():
    """Runs the gRPC service."""
    work = {"GetContact": get, "ListContacts": page, "CreateContact": create}
    server = grpc.server(ThreadPoolExecutor(8), options=SERVER_OPTIONS)
    server.add_generic_rpc_handlers([handlers(SERVICE, lambda method: work.get(method.name, get))])
    server.add_insecure_port(os.environ["SKELETON_LISTEN"])
    server.start()
    server.wait_for_termination()


def shown(contact):
    """A contact as JSON, written out by hand: no encoder is cheaper."""
    return {
        "name": contact.name,
        "etag": contact.etag,
        "createTime": contact.create_time.ToJsonString(),
        "updateTime": contact.update_time.ToJsonString(),
        "creator": contact.creator,
        "kind": pb.Contact.Kind.Name(contact.kind),
        "firstName": contact.first_name,
        "lastName": contact.last_name,
        "companyName": contact.company_name,
        "displayName": contact.display_name,
        "jobTitle": contact.job_title,
        "emails": [
            {"value": each.value, "category": pb.Email.Category.Name(each.category), "primary": each.primary}
            for each in contact.emails
        ],
        "phones": [
            {"value": each.value, "category": pb.Phone.Category.Name(each.category), "primary": each.primary}
            for each in contact.phones
        ],
        "managers": list(contact.managers),
        "sharing": pb.Contact.Sharing.Name(contact.sharing),
        "state": pb.Contact.State.Name(contact.state),
    }


def create_app():
    """The Flask application."""
    app = Flask(__name__)
    client = None

    def call(method, message):
        nonlocal client
        client = client or Client(os.environ["SKELETON_LISTEN"])
        return client.call(SERVICE.methods_by_name[method], message, timeout=10)

    @app.get("/empty")
    def empty():
        return Response(b'{"status":"ok"}', content_type=JSON)

    @app.get("/v1/contacts/<int:number>")
    def one(number):
        answer = call("GetContact", pb.GetContactRequest(name=f"contacts/{number}"))
        return Response(orjson.dumps(shown(answer)), content_type=JSON)

    @app.get("/v1/contacts")
    def many():
        answer = call("ListContacts", pb.ListContactsRequest(page_size=50))
        return Response(orjson.dumps({"contacts": [shown(each) for each in answer.contacts]}), content_type=JSON)

    @app.post("/v1/contacts")
    def add():
        body = orjson.loads(request.get_data())
        contact = pb.Contact(first_name=body["firstName"], last_name=body["lastName"], emails=body["emails"])
        answer = call("CreateContact", pb.CreateContactRequest(contact=contact))
        return Response(orjson.dumps(shown(answer)), content_type=JSON)

    return app


if __name__ == "__main__":
    sys.exit(serve())
