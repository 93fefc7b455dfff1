import { expect, test } from "vitest";

import { errorText, formErrors } from "../kit/errors";
import { ApiError, readError } from "./errors";

const TYPE = "type.googleapis.com/google.rpc.";
const respond = (status: number, error?: object) =>
  readError(new Response(null, { status, headers: { "X-Request-Id": "4bf92f35" } }), error && { error });

test("a refusal tells its reason, its request, and what stands in the way", () => {
  const error = respond(400, {
    status: "FAILED_PRECONDITION",
    message: "the contact is on 1 invoice",
    details: [
      { "@type": `${TYPE}ErrorInfo`, reason: "CONTACT_IN_USE", metadata: { count: "1" } },
      {
        "@type": `${TYPE}ResourceInfo`,
        resourceType: "Invoice",
        resourceName: "invoices/3",
        description: "INV0000003",
      },
    ],
  });
  expect(error.reason).toBe("CONTACT_IN_USE");
  expect(error.requestId).toBe("4bf92f35");
  expect(error.obstacles).toEqual([{ type: "Invoice", name: "invoices/3", title: "INV0000003" }]);
});

test.each([
  ["contact.emails[0].value", "emails.0.value"],
  ["emails[0].value", "emails.0.value"],
  ["contact.first_name", "firstName"],
  ["invoice.lines[12].price", "lines.12.price"],
])("a complaint about %s is shown at %s", (field, path) => {
  const details = [{ "@type": `${TYPE}BadRequest`, fieldViolations: [{ field, description: "is wrong" }] }];
  expect(formErrors(respond(400, { status: "INVALID_ARGUMENT", message: "", details }))).toEqual({
    [path]: "Is wrong",
  });
});

test("an answer that is not the API's own means that it is unavailable", () => {
  expect(respond(502).unavailable).toBe(true);
  expect(errorText(respond(502))).toContain("not answering");
});

test("no answer at all is told apart from a service that is down", () => {
  expect(errorText(new ApiError(0, "UNAVAILABLE", "", ""))).toContain("cannot be reached");
});

test("a reason without words of ours is told in the API's", () => {
  expect(errorText(respond(400, { status: "FAILED_PRECONDITION", message: "the moon is full" }))).toBe(
    "The moon is full",
  );
});
