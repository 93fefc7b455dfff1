export { default as audit } from "./audit.json";
export { default as bulk } from "./bulk.json";
export { default as contactSettings } from "./contactSettings.json";
export { default as identity } from "./identity.json";
export { default as invoicing } from "./invoicing.json";
export { default as people } from "./people.json";
export { default as portal } from "./portal.json";
export { default as profile } from "./profile.json";
