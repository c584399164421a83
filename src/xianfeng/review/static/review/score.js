// The sheet by keyboard: Enter goes to the next field, J and K move, totals run along; nothing here is needed to score.
(() => {
  "use strict";
  const form = document.getElementById("sheet");
  if (!form) return;
  const fields = [...form.querySelectorAll(".rv-points")];
  const rows = [...form.querySelectorAll("[data-row]")];
  const inside = (row) => [...row.querySelectorAll(".rv-points")];
  const lame = (row) => row.querySelector(".rv-lame input:checked");
  const exact = (text) => Math.round(Number(text || 0) * 10000);
  const shown = (value) => String(value / 10000);
  const outside = (field) => field.value !== "" && !field.checkValidity();

  // points × 10000 by kind of indicator; null while nothing (valid) is entered
  const worked = {
    points: ([field]) => exact(field.value),
    measured: ([field], row) => {
      const rungs = row.dataset.table.split(";").map((one) => one.split(":"));
      const reached = rungs.find(([from]) => Number(field.value) >= Number(from));
      return exact(reached ? reached[1] : row.dataset.otherwise);
    },
    deduction: (all, row) => {
      const full = exact(row.dataset.full);
      const lost = (one) => Math.min(exact(one.dataset.each) * Number(one.value || 0), one.dataset.most ? exact(one.dataset.most) : full);
      return Math.max(full - all.reduce((sum, one) => sum + lost(one), 0), 0);
    },
    vote: (all, row) => {
      const cast = all.reduce((sum, one) => sum + Number(one.value || 0), 0);
      const worth = all.reduce((sum, one) => sum + Number(one.dataset.each) * Number(one.value || 0), 0);
      return cast ? Math.round((worth * exact(row.dataset.full)) / cast) : null;
    },
  };
  const made = (row) => {
    const all = inside(row);
    if (all.every((one) => one.value === "") || all.some(outside)) return null;
    return worked[row.dataset.kind || "points"](all, row);
  };

  const addUp = () => {
    let all = 0;
    let bonus = 0;
    for (const part of form.querySelectorAll("[data-part]")) {
      const full = exact(part.dataset.points);
      let sum = 0;
      let left = full; // what applies: the part is scaled up to its full points by it
      for (const row of part.querySelectorAll("[data-row]")) {
        const points = made(row);
        const said = row.querySelector("[data-made]");
        if (said) said.textContent = points === null ? "—" : shown(points);
        if ("bonus" in row.dataset) bonus += (!lame(row) && points) || 0;
        else if (lame(row)) left -= exact(row.dataset.full);
        else sum += points || 0;
      }
      if (left < full) sum = left ? Math.round((sum * full) / left) : full;
      form.querySelector(`[data-part-total="${part.dataset.part}"]`).textContent = shown(sum);
      all += sum;
    }
    all += form.dataset.bonusCap ? Math.min(bonus, exact(form.dataset.bonusCap)) : bonus;
    document.querySelector("[data-total]").textContent = shown(all);
    document.querySelector("[data-done]").textContent = rows.filter((row) => lame(row) || made(row) !== null).length;
  };
  const mark = (field) => {
    const row = field.closest("[data-row]");
    row.classList.toggle("has-error", inside(row).some(outside));
    field.setAttribute("aria-invalid", String(outside(field)));
  };
  const go = (step) => {
    const active = document.activeElement;
    const own = active?.closest("[data-row]")?.querySelector(".rv-points");
    const here = fields.indexOf(fields.includes(active) ? active : own);
    const next = fields[Math.min(Math.max(here + step, 0), fields.length - 1)];
    next.focus();
    next.select?.();
    next.closest("[data-row]").scrollIntoView({ block: "center" });
  };
  const unscored = () => {
    const from = rows.indexOf(document.activeElement?.closest("[data-row]"));
    const open = [...rows.slice(from + 1), ...rows.slice(0, from + 1)].find((row) => !lame(row) && made(row) === null);
    if (!open) return;
    inside(open)[0].focus();
    open.scrollIntoView({ block: "center" });
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
    const act = { j: () => go(1), k: () => go(-1), u: unscored }[event.key.toLowerCase()];
    if (!act || writing) return;
    event.preventDefault();
    act();
  });
  document.querySelector("[data-unscored]")?.addEventListener("click", unscored);
  // the wheel must not change a mark while scrolling past it
  form.addEventListener("wheel", (event) => { if (event.target.matches('input[type="number"]:focus')) event.target.blur(); }, { passive: true });
  fields.forEach((field) => { if (field.value !== "") mark(field); });
})();
