import { ready } from "./i18n";

await ready;
