import { expect, test } from "vitest";

import * as en from "./en";
import * as enMore from "./en/more";
import * as ru from "./ru";
import * as ruMore from "./ru/more";

type Tree = { [key: string]: string | Tree };

/** All sentences of a language by their full key. */
function sentences(tree: Tree, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as [string, string]] : sentences(value, `${prefix}${key}.`),
  );
}

/** Those of the first page and all others; what both would say is said twice. */
function sentencesOf(first: object, more: object) {
  const all = [first, more].flatMap((texts) => sentences(texts as Tree));
  expect(all.map(([key]) => key)).toEqual([...new Set(all.map(([key]) => key))]);
  return new Map(all);
}

const english = sentencesOf(en, enMore);
const russian = sentencesOf(ru, ruMore);

const PLURAL = /_(one|few|many|other)$/;
const plain = (keys: Iterable<string>) => [...new Set([...keys].map((key) => key.replace(PLURAL, "")))].sort();
const plurals = (keys: Iterable<string>) => [...new Set([...keys].filter((key) => PLURAL.test(key)))].sort();

test("every sentence is there in both languages", () => {
  expect(plain(russian.keys())).toEqual(plain(english.keys()));
});

test("what is counted has all the forms that its language counts with", () => {
  const counted = plain(plurals(english.keys()));
  const forms = (language: string) => new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const expected = (language: string) => counted.flatMap((key) => forms(language).map((form) => `${key}_${form}`));
  expect(plurals(english.keys())).toEqual(expected("en").sort());
  expect(plurals(russian.keys())).toEqual(expected("ru").sort());
});

test("both languages fill in the same facts", () => {
  const facts = (sentence: string) => [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
  const differing = [...english].filter(
    ([key, sentence]) => russian.has(key) && String(facts(sentence)) !== String(facts(russian.get(key) ?? "")),
  );
  expect(differing).toEqual([]);
});

test("no sentence is empty, and none in Russian was left in English", () => {
  const written = [...russian].filter(([, sentence]) => !/[а-яё]/i.test(sentence.replace(/\{\{\w+\}\}/g, "")));
  expect(written.map(([key]) => key)).toEqual(["frame.module.crm"]);
});
