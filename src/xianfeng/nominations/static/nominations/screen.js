// 初审: J and K walk through the indicators, X ticks the one at hand and asks for the reason, P and R go to the buttons.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll(".nm-pair")];
  let at = -1;
  const go = (to) => {
    rows[at]?.classList.remove("is-here");
    at = Math.min(Math.max(to, 0), rows.length - 1);
    rows[at]?.classList.add("is-here");
    rows[at]?.scrollIntoView({ block: "center" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "j") go(at + 1);
    else if (key === "k") go(at - 1);
    else if (key === "x" && rows[at]) {
      const box = rows[at].querySelector("[type=checkbox]");
      box.checked = !box.checked;
      if (box.checked) rows[at].querySelector(".nm-why").focus();
    } else if (key === "p" || key === "r") document.querySelector(`[data-act="${key}"]`)?.focus(); // ↵ then presses it
    else return;
    event.preventDefault();
  });
})();
