/** Under what endings a plain text is kept as one. */
const ENDINGS = /\.(txt|csv|md|json)$/i;

/** A text as a file; without an ending of its own it is a `.txt`. */
export function fileOf(title: string, text: string) {
  const name = title.trim();
  return new File([text], ENDINGS.test(name) ? name : `${name}.txt`, { type: "text/plain" });
}
