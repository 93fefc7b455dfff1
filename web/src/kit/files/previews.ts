import type { Document } from "../../api/types";

/** Beyond this a browser would be busy for long, and a phone out of memory. */
const LARGEST = 30_000_000;

export type Look = "image" | "pdf" | "text";

const TEXTS = ["text/plain", "text/csv", "text/markdown", "application/json"];
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"];

/** How a document is shown here; nothing if a browser cannot, or should not. */
export function lookOf({ contentType }: Pick<Document, "contentType">): Look | undefined {
  const [kind = ""] = contentType.split(";");
  if (IMAGES.includes(kind)) return "image";
  if (kind === "application/pdf") return "pdf";
  return TEXTS.includes(kind) ? "text" : undefined;
}

/** How the bytes of a text are read. */
export function charsetOf({ contentType }: Pick<Document, "contentType">) {
  return /charset=([\w-]+)/.exec(contentType)?.[1] ?? "utf-8";
}

/** Whether a document can be looked at without saving it. */
export function mayPreview(document: Pick<Document, "contentType" | "size" | "state">) {
  return document.state === "ACTIVE" && lookOf(document) !== undefined && Number(document.size) <= LARGEST;
}
