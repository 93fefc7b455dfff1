import { useRef, useState } from "react";

import { problemOf } from "./calls";

/** A file on its way. */
export type Upload = { key: number; title: string; percent: number; problem?: string };

type Send = (file: File, onProgress: (percent: number) => void) => Promise<unknown>;

/** Sends files one after the other, and tells how far each of them is. What was refused stays until it was read. */
export function useUploads() {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const next = useRef(0);
  const put = (key: number, change: Partial<Upload>) =>
    setUploads((before) => before.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));
  const drop = (key: number) => setUploads((before) => before.filter((upload) => upload.key !== key));

  const start = async (files: File[], send: Send) => {
    const begun = files.map((file) => ({ file, key: next.current++ }));
    setUploads((before) => [...before, ...begun.map(({ file, key }) => ({ key, title: file.name, percent: 0 }))]);
    for (const { file, key } of begun)
      await send(file, (percent) => put(key, { percent })).then(
        () => drop(key),
        (error: unknown) => put(key, { problem: problemOf(error) }),
      );
  };
  return { uploads, start, drop };
}
