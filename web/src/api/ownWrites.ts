/** How long after its answer our own write may still be announced to us. */
const ECHO_MS = 3_000;

/** Until when a change of a record may be our own doing. */
const until = new Map<string, number>();

/** The record that a request changes: `contacts/17`; none if it only reads, or makes something new. */
function written({ method, url }: Request) {
  return method === "GET" ? undefined : /^\/v1\/(\w+\/\d+)/.exec(new URL(url).pathname)?.[1];
}

export function writeBegins(request: Request) {
  const name = written(request);
  if (name) until.set(name, Infinity);
}

export function writeEnds(request: Request) {
  const name = written(request);
  if (name) until.set(name, Date.now() + ECHO_MS);
}

/** Whether we are writing the record, or did so just now: what the server announces of it is then no news to us. */
export function isOurs(name: string) {
  return (until.get(name) ?? 0) > Date.now();
}
