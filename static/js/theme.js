// Read before the first paint, so that a saved theme does not flash. Without this file the page follows the system.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  let saved = null;
  try {
    saved = localStorage.getItem("theme");
  } catch {
    // Storage may be forbidden; the choice then lasts for the page.
  }
  if (saved === "light" || saved === "dark") root.dataset.theme = saved;
})();
