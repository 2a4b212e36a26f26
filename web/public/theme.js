// Sets the theme before the first paint, so that nothing flashes. A file of its own, because the page allows no inline script.
(function () {
  var chosen = localStorage.getItem("rapport.theme");
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
