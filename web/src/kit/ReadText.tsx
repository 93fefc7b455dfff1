import { createElement, Fragment, useMemo, type ReactNode } from "react";

import classes from "./RichText.module.css";

/** What written text may consist of; of everything else only the words are shown. */
const TAGS = new Set(["p", "br", "strong", "b", "em", "i", "u", "s", "ul", "ol", "li", "blockquote", "a"]);

const ADDRESS = /^(https?:|mailto:|tel:)/i;

function shown(node: Node, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const tag = node.localName;
  const inside = tag === "br" ? undefined : [...node.childNodes].map(shown);
  if (!TAGS.has(tag)) return <Fragment key={key}>{inside}</Fragment>;
  const href = node.getAttribute("href") ?? "";
  const elsewhere = tag === "a" && ADDRESS.test(href) ? { href, target: "_blank", rel: "noopener noreferrer" } : {};
  return createElement(tag, { key, ...elsewhere }, inside);
}

/** Text that somebody wrote with `RichText`. The API has cleaned it; whatever it holds, nothing of it runs. */
export function ReadText({ html }: { html: string }) {
  const parts = useMemo(() => {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    return [...body.childNodes].map(shown);
  }, [html]);
  return <div className={`${classes.read} anywhere`}>{parts}</div>;
}
