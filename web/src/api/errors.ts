/** An error as the API words it (google.rpc.Status in JSON). */
type Detail = {
  "@type": string;
  reason?: string;
  metadata?: Record<string, string>;
  fieldViolations?: { field: string; description: string; reason?: string }[];
  resourceType?: string;
  resourceName?: string;
  description?: string;
};

/** A record that stands in the way of what was asked. */
export type Obstacle = { type: string; name: string; title: string };

/** A call that the API refused, or that never reached it. */
export class ApiError extends Error {
  /** The HTTP status; 0 if there was no answer. */
  readonly code: number;
  /** What went wrong, for programs: `CONTACT_IN_USE`; the gRPC status where the API gives no reason. */
  readonly reason: string;
  readonly requestId: string;
  /** What is wrong with which field, named by its path in the record: `emails[0].value`. */
  readonly fields: Record<string, string>;
  readonly obstacles: Obstacle[];

  constructor(code: number, status: string, message: string, requestId: string, details: Detail[] = []) {
    super(message);
    this.code = code;
    this.requestId = requestId;
    this.reason = details.find((detail) => detail.reason)?.reason ?? status;
    this.fields = fieldsOf(details);
    this.obstacles = details
      .filter((detail) => detail.resourceName)
      .map((d) => ({
        type: d.resourceType ?? "",
        name: d.resourceName ?? "",
        title: d.description || (d.resourceName ?? ""),
      }));
  }

  /** Whether the same call may succeed later: the service, or the way to it, is down. */
  get unavailable() {
    return this.code === 0 || this.code === 502 || this.code === 503 || this.code === 504;
  }
}

/** The first complaint about each field, its name freed of the record it is in (`contact.emails[0].value`). */
function fieldsOf(details: Detail[]) {
  const fields: Record<string, string> = {};
  for (const violation of details.flatMap((detail) => detail.fieldViolations ?? [])) {
    const path = violation.field
      .replace(
        /^(contact(_\w+)?|event(_\w+)?|history_\w+|file|invoice|user|group|api_key|saved_view|temperature_level)\./,
        "",
      )
      .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    fields[path] ??= violation.description;
  }
  return fields;
}

/** Reads the API's answer to a failed call. An answer that is not the API's own (a proxy's page) counts as unavailable. */
export function readError(response: Response, body: unknown) {
  const requestId = response.headers.get("X-Request-Id") ?? "";
  const error = (body as { error?: { status?: string; message?: string; details?: Detail[] } } | undefined)?.error;
  return new ApiError(
    response.status,
    error?.status ?? "UNAVAILABLE",
    error?.message ?? response.statusText,
    requestId,
    error?.details,
  );
}
