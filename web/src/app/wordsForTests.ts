import { ready, withTexts } from "./i18n";

await ready;
await withTexts(() => Promise.resolve())();
