// What the first page says; the rest comes with the pages that say it (more.ts).
export { default as bell } from "./bell.json";
export { default as contacts } from "./contacts.json";
export { default as errors } from "./errors.json";
export { default as frame } from "./frame.json";
export { default as kit } from "./kit.json";
