import { i18n } from "../app/i18n";
import { ApiError, readError } from "./errors";

/**
 * Sends a file and tells how much of it has left, which `fetch` cannot. Gives the answer or throws an ApiError; the
 * `signal` breaks it off, and then nothing of it is kept.
 */
export function send<T>(
  path: string,
  file: File,
  onProgress: (percent: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("Accept-Language", i18n.language);
    request.setRequestHeader("X-CSRF-Protection", "1");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? Math.round((100 * loaded) / total) : 0);
    request.onload = () => {
      const { status, statusText, response } = request;
      if (status < 300) return resolve(response as T);
      const headers = { "X-Request-Id": request.getResponseHeader("X-Request-Id") ?? "" };
      reject(readError(new Response(null, { status, statusText, headers }), response));
    };
    signal?.addEventListener("abort", () => request.abort());
    request.onabort = () => reject(new DOMException("the upload was stopped", "AbortError"));
    request.onerror = () => reject(new ApiError(0, "UNAVAILABLE", "the server cannot be reached", ""));
    request.send(file);
  });
}
