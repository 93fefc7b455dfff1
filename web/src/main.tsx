import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "mantine-datatable/styles.css";
import "./app/tokens.css";

import { createRoot } from "react-dom/client";

import { App } from "./app/App";
import { ready } from "./app/i18n";

const root = document.getElementById("root");
void ready.then(() => root && createRoot(root).render(<App />));
