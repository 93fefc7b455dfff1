import createClient, { type Middleware } from "openapi-fetch";

import { ApiError, readError } from "./errors";
import { writeBegins, writeEnds } from "./ownWrites";
import type { paths } from "./schema";

let language = "en";
let onSignedOut = () => {};

/** Tells the client in which language the API should word its answers. */
export function speak(next: string) {
  language = next;
}

/** Tells the client whom to notify when the session has ended. */
export function whenSignedOut(listener: () => void) {
  onSignedOut = listener;
}

/** Where a refusal means that signing in failed, not that a session has ended. */
const SIGNING_IN = ["/v1/sessions", "/v1/oidc:callback"];

const rules: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language);
    // A page of another origin cannot send this header, so it proves that the call is ours.
    if (request.method !== "GET") request.headers.set("X-CSRF-Protection", "1");
    writeBegins(request);
    return request;
  },
  async onResponse({ request, response }) {
    writeEnds(request);
    if (response.ok) return;
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    const signingIn = request.method === "POST" && SIGNING_IN.includes(new URL(request.url).pathname);
    if (response.status === 401 && !signingIn) onSignedOut();
    throw readError(response, body);
  },
  onError({ request, error }) {
    writeEnds(request);
    if (error instanceof ApiError) return error;
    return new ApiError(0, "UNAVAILABLE", "the server cannot be reached", "");
  },
};

/** The one client of the API. Its calls give the answer or throw an ApiError. */
export const api = createClient<paths>({ baseUrl: globalThis.location.origin, credentials: "same-origin" });
api.use(rules);

/** The answer of a call, as the type the screens know it by. */
export async function answer<T>(call: Promise<{ data?: unknown }>): Promise<T> {
  return (await call).data as T;
}

/** How a file is sent: as it is, not as JSON. The contract knows no type for its bytes. */
export function asItIs(file: Blob) {
  return {
    body: file as never,
    bodySerializer: (body: unknown) => body as Blob,
    headers: { "Content-Type": file.type || "application/octet-stream" },
  };
}

/** The last part of a resource name: `17` of `contacts/17`. */
export function idOf(name: string) {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** `crypto.randomUUID` would be missing where the page is not served over https. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Keys for the submissions of one form: the same content keeps its key over retries, so that the API does it once;
 * other content is another submission.
 */
export function submissionKeys() {
  let last = { content: "", key: "" };
  return (body: unknown) => {
    const content = JSON.stringify(body);
    if (content !== last.content) last = { content, key: randomKey() };
    return last.key;
  };
}
