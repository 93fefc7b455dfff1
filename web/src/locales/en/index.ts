export { default as contacts } from "./contacts.json";
export { default as errors } from "./errors.json";
export { default as frame } from "./frame.json";
export { default as identity } from "./identity.json";
export { default as invoicing } from "./invoicing.json";
export { default as kit } from "./kit.json";
