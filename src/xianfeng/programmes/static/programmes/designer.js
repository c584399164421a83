// Running totals of a standard while points are typed; the server says the same once it is saved.
(() => {
  "use strict";
  const scale = 10000n;
  const exact = (text) => {
    const found = /^\s*(\d{1,6})(?:\.(\d{1,4}))?\s*$/.exec(text || "");
    return found ? BigInt(found[1]) * scale + BigInt((found[2] || "").padEnd(4, "0")) : null;
  };
  const show = (value) => {
    const rest = (value % scale).toString().padStart(4, "0").replace(/0+$/, "");
    return (value / scale).toString() + (rest ? `.${rest}` : "");
  };
  const add = (form) => {
    const sums = new Map();
    const points = new Map();
    for (const input of form.querySelectorAll("input[data-in]")) {
      const value = exact(input.value) ?? 0n;
      sums.set(input.dataset.in, (sums.get(input.dataset.in) ?? 0n) + value);
      if (input.dataset.points) points.set(input.dataset.points, exact(input.value));
    }
    for (const mark of form.querySelectorAll("[data-sum]")) {
      const actual = sums.get(mark.dataset.sum) ?? 0n;
      const expected = mark.dataset.expected !== undefined ? exact(mark.dataset.expected) : points.get(mark.dataset.of);
      const gap = expected == null ? 0n : actual - expected;
      const off = expected == null || gap !== 0n;
      mark.classList.toggle("is-off", off);
      mark.textContent = `合计 ${show(actual)}` + (gap ? `，${gap > 0n ? "多" : "少"} ${show(gap > 0n ? gap : -gap)} 分` : "");
    }
    for (const copy of form.querySelectorAll("[data-copy]")) {
      const value = points.get(copy.dataset.copy);
      copy.textContent = value == null ? "？" : show(value);
    }
  };
  // Choosing another kind redraws the form at once; without this script its button does.
  document.addEventListener("change", (event) => {
    if (event.target.matches?.(".dg-kind select")) event.target.closest(".dg-kind").querySelector("button")?.click();
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.(".dg-tree");
    if (form && "in" in event.target.dataset) add(form);
  });
})();
