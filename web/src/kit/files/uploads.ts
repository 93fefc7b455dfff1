import { useRef, useState } from "react";

import { problemOf } from "./calls";

/** A file on its way. */
export type Upload = { key: number; title: string; percent: number; problem?: string };

type Send = (file: File, onProgress: (percent: number) => void, signal: AbortSignal) => Promise<unknown>;

/** So many are on their way at once. */
const AT_ONCE = 3;

/** Sends files, some at once, and tells how far each of them is. What was refused stays until it was read. */
export function useUploads() {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const next = useRef(0);
  const stops = useRef(new Map<number, AbortController>());
  const put = (key: number, change: Partial<Upload>) =>
    setUploads((before) => before.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));
  /** Takes one out of the list; one that is on its way is not sent any further. */
  const drop = (key: number) => {
    stops.current.get(key)?.abort();
    stops.current.delete(key);
    setUploads((before) => before.filter((upload) => upload.key !== key));
  };

  const start = async (files: File[], send: Send) => {
    const begun = files.map((file) => ({ file, key: next.current++, stop: new AbortController() }));
    for (const { key, stop } of begun) stops.current.set(key, stop);
    setUploads((before) => [...before, ...begun.map(({ file, key }) => ({ key, title: file.name, percent: 0 }))]);
    const waiting = begun.values();
    const sendOn = async () => {
      for (const { file, key, stop } of waiting) {
        if (stop.signal.aborted) continue;
        await send(file, (percent) => put(key, { percent }), stop.signal).then(
          () => drop(key),
          (error: unknown) => put(key, { problem: problemOf(error) }),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendOn));
  };
  return { uploads, start, drop };
}
