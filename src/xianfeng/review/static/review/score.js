// The sheet by keyboard: Enter goes to the next indicator, J and K move, totals run along; nothing here is needed to score.
(() => {
  "use strict";
  const form = document.getElementById("sheet");
  if (!form) return;
  const fields = [...form.querySelectorAll(".rv-points")];
  const exact = (text) => Math.round(Number(text || 0) * 10000);
  const shown = (value) => String(value / 10000);
  const outside = (field) => field.value !== "" && !field.checkValidity();

  const addUp = () => {
    let all = 0;
    for (const part of form.querySelectorAll("[data-part]")) {
      let sum = 0;
      for (const field of part.querySelectorAll(".rv-points")) if (field.value !== "" && !outside(field)) sum += exact(field.value);
      form.querySelector(`[data-part-total="${part.dataset.part}"]`).textContent = shown(sum);
      all += sum;
    }
    const total = document.querySelector("[data-total]");
    // items that do not apply are scaled by the server: then its figure stands until the page is loaded again
    if (!form.querySelector(".rv-lame input:checked")) total.textContent = shown(all);
    document.querySelector("[data-done]").textContent = fields.filter((one) => (one.value !== "" && !outside(one)) || one.closest("[data-row]").querySelector(".rv-lame input:checked")).length;
  };
  const mark = (field) => {
    const wrong = outside(field);
    field.closest("[data-row]").classList.toggle("has-error", wrong);
    field.setAttribute("aria-invalid", String(wrong));
  };
  const go = (step) => {
    const here = fields.indexOf(document.activeElement?.closest("[data-row]")?.querySelector(".rv-points"));
    const next = fields[Math.min(Math.max(here + step, 0), fields.length - 1)];
    next.focus();
    next.select?.();
    next.closest("[data-row]").scrollIntoView({ block: "center" });
  };

  form.addEventListener("input", (event) => {
    if (event.target.matches(".rv-points")) mark(event.target);
    addUp();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.target.matches("textarea")) return;
    event.preventDefault();
    if (event.target.matches("input, select")) go(event.shiftKey ? -1 : 1);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const writing = event.target.matches("textarea, select, input:not(.rv-points)");
    const step = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (!step || writing) return;
    event.preventDefault();
    go(step);
  });
  // the wheel must not change a mark while scrolling past it
  form.addEventListener("wheel", (event) => { if (event.target.matches('input[type="number"]:focus')) event.target.blur(); }, { passive: true });
  fields.forEach((field) => { if (field.value !== "") mark(field); });
})();
