import { lazy } from "react";

import { withTexts } from "../app/i18n";

/** The views of a list that somebody keeps; nobody waits for them. */
export const SavedViews = lazy(withTexts(() => import("./SavedViewsMenu")));
