// Pages on which a plan is entered. All of it works without this file: it only spares rounds to the server.
(() => {
  // A suggestion is filled in here instead of by the server.
  for (const button of document.querySelectorAll("button[data-fill]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const row = button.closest(".assumption");
      const said = JSON.parse(button.dataset.fill);
      const name = row.querySelector(".law select").name.replace(/-law$/, "");
      for (const part of ["low", "mode", "median", "high", "coverage", "mean", "weight", "point", "source_url"]) said[part] ??= "";
      for (const [part, value] of Object.entries(said)) {
        const control = row.querySelector(`[name="${name}-${part}"]`);
        if (control) control.value = value;
      }
      row.querySelector(".origin").open = true;
      row.querySelector(".law select").focus();
      showPoint(row);
    });
  }

  // The law's own point, in grey, where none is typed.
  const showPoint = (row) => {
    const typed = (part) => row.querySelector(`[name$="-${part}"]`).value.trim();
    const number = (part) => (typed(part) === "" ? NaN : Number(typed(part)));
    const law = row.querySelector(".law select").value;
    const own = { range: Math.sqrt(number("low") * number("high")), triangular: number("mode"), pert: number("mode"), percentiles: number("median"), beta: number("mean") }[law];
    row.querySelector('[name$="-point"]').placeholder = Number.isFinite(own) ? String(Number(own.toPrecision(6))) : "";
  };
  for (const row of document.querySelectorAll(".assumption")) {
    showPoint(row);
    row.addEventListener("input", () => showPoint(row));
    row.addEventListener("change", () => showPoint(row));
  }

  // One more line: a copy of the last, emptied, with ids of its own.
  for (const button of document.querySelectorAll("button[data-add-line]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const place = button.parentElement;
      const last = place.previousElementSibling;
      const line = last.cloneNode(true);
      const old = Number(last.querySelector("[id]").id.match(/-(\d+)-[a-z_]+$/)[1]);
      const renumber = (text) => text.replace(new RegExp(`-${old}-(?=[a-z_]+$)`), `-${old + 1}-`);
      for (const control of line.querySelectorAll("[id]")) control.id = renumber(control.id);
      for (const label of line.querySelectorAll("label, legend")) {
        if (label.htmlFor) label.htmlFor = renumber(label.htmlFor);
        label.innerHTML = label.innerHTML.replace(String(old), String(old + 1));
      }
      for (const control of line.querySelectorAll("input, select")) control.value = "";
      place.before(line);
      line.querySelector("input, select").focus();
    });
  }

  // Units that name the currency and the unit of the price follow what is typed.
  const form = document.querySelector(".entry");
  const currency = form?.querySelector('[name="currency"]');
  const basis = form?.querySelector('[name="basis"]');
  const follow = () => {
    for (const unit of form.querySelectorAll("[data-unit]")) {
      unit.textContent = unit.dataset.unit
        .replace("{currency}", /^[A-Za-z]{3}$/.test(currency.value.trim()) ? currency.value.trim().toUpperCase() : "currency")
        .replace("{basis}", basis?.value ? basis.selectedOptions[0].text : "unit");
    }
  };
  if (currency) {
    currency.addEventListener("input", follow);
    basis?.addEventListener("change", follow);
  }
})();
