// Runs before the first paint, so that neither the wrong theme nor the wrong language flashes up.
// A file of its own, since the content security policy forbids inline scripts.
(function () {
  var scheme = localStorage.getItem("rapport.colorScheme") || "auto";
  var dark = scheme === "dark" || (scheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  document.documentElement.lang = localStorage.getItem("rapport.language") || navigator.language.slice(0, 2);
})();
