// Runs before the first paint: an explicit choice of light or dark goes onto the root.
try {
  const theme = localStorage.getItem("stnb.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  if (new URLSearchParams(location.search).get("embed") === "true")
    document.documentElement.dataset.embed = "";
} catch {}
