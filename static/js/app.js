// What every page has: the theme switch, and a button that prints.
(() => {
  const root = document.documentElement;

  for (const choice of document.querySelectorAll('input[name="theme"]')) {
    choice.checked = choice.value === (root.dataset.theme || "system");
    choice.addEventListener("change", () => {
      if (choice.value === "system") delete root.dataset.theme;
      else root.dataset.theme = choice.value;
      try {
        if (choice.value === "system") localStorage.removeItem("theme");
        else localStorage.setItem("theme", choice.value);
      } catch {
        // Storage may be forbidden; the choice then lasts for the page.
      }
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }

  // A second press while the first is on its way sends nothing; coming back by history gives the button back.
  const sending = (form, yes) => {
    for (const button of form.querySelectorAll('button[type="submit"]')) button.disabled = yes;
  };
  document.addEventListener("submit", (event) => setTimeout(() => sending(event.target, true)));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach((form) => sending(form, false));
  });
})();
