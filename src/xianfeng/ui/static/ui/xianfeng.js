// Small conveniences over pages that work without a script: dialogs, double-click guard, autosave, bulk count, keys, charts.
(() => {
  "use strict";
  const self = document.currentScript;
  document.documentElement.classList.remove("no-js");
  const $ = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- Ask before a dangerous act; the server asks by a page of its own when this does not run.
  const dialog = document.getElementById("xf-confirm");
  let asking = null;
  const ask = (button) => {
    asking = button;
    dialog.querySelector("h2").textContent = button.dataset.confirmTitle || "请确认";
    dialog.querySelector("p").textContent = button.dataset.confirm;
    dialog.querySelector("[value=yes]").textContent = button.dataset.confirmVerb || button.textContent.trim();
    dialog.returnValue = "no";
    dialog.showModal();
  };
  dialog?.addEventListener("close", () => {
    const button = asking;
    asking = null;
    if (!button || dialog.returnValue !== "yes") return button?.focus();
    button.dataset.confirmed = "1";
    if (button.form) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "1" });
      button.form.append(field);
      button.form.requestSubmit(button);
      setTimeout(() => { field.remove(); delete button.dataset.confirmed; }, 0);
    } else button.click();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-confirm]");
    if (!button || button.dataset.confirmed || !dialog?.showModal) return;
    if (button.form && !button.formNoValidate && !button.form.reportValidity()) return event.preventDefault();
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(button);
  }, true);

  // --- One submit per press. The pressed button's own name and value must still be sent, so lock after the event.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    form.dataset.sent = "1";
    if (!("once" in form.dataset) || event.defaultPrevented) return;
    setTimeout(() => {
      for (const button of form.elements) if (button.type === "submit") { button.disabled = true; button.classList.add("is-busy"); }
    }, 0);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) $(".is-busy").forEach((button) => { button.disabled = false; button.classList.remove("is-busy"); });
  });

  // --- Unsaved input: warn before leaving.
  document.addEventListener("input", (event) => { const form = event.target.form; if (form) form.dataset.dirty = "1"; });
  addEventListener("beforeunload", (event) => {
    if ($("form[data-guard][data-dirty]:not([data-sent])").length) event.preventDefault();
  });

  // --- Autosave: post the form after a pause; say 已保存 14:02, or that it is being tried again.
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const say = (form, text, failed) => $("[data-saved]").forEach((mark) => {
    if (mark.dataset.saved && mark.dataset.saved !== form.id) return;
    mark.textContent = text;
    mark.classList.toggle("is-failed", Boolean(failed));
  });
  const save = async (form) => {
    if (form.dataset.sent) return;
    delete form.dataset.dirty;
    try {
      const answer = await fetch(form.dataset.autosave || form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, redirect: "manual" });
      if (answer.status === 422 || answer.status === 409 || answer.status === 403) {
        say(form, answer.status === 422 ? "有内容未通过检查，尚未保存" : "未保存，请刷新页面查看最新情况", true);
        form.dataset.dirty = "1";
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      say(form, `已保存 ${clock()}`);
    } catch {
      form.dataset.dirty = "1";
      say(form, "未保存，正在重试", true);
      form.retry = setTimeout(() => save(form), 5000);
    }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !("autosave" in form.dataset)) return;
    clearTimeout(form.waiting);
    clearTimeout(form.retry);
    form.waiting = setTimeout(() => save(form), 900);
  });

  // --- Bulk bar: count the chosen rows; the head's checkbox chooses all.
  const count = (form) => {
    const chosen = [...form.elements].filter((one) => one.name === "chosen");
    const n = chosen.filter((one) => one.checked).length;
    $("[data-bulk-count]", form).forEach((mark) => { mark.textContent = `已选 ${n} 项`; });
    form.hidden = n === 0;
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    const form = box.form;
    if (!form || !("bulk" in form.dataset)) return;
    if ("bulkAll" in box.dataset) for (const one of form.elements) if (one.name === "chosen") one.checked = box.checked;
    count(form);
  });

  // --- Keys: data-key="j" presses that link or button; Ctrl+Enter submits the form one types in.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) return event.target.form.requestSubmit();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (target) { event.preventDefault(); target.matches("a, button") ? target.click() : target.focus(); }
  });
  document.addEventListener("click", (event) => {
    $("details.xf-user[open], details.xf-more[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // --- Charts: ECharts is fetched only where a figure asks for it.
  const css = getComputedStyle(document.documentElement);
  const ink = (name) => css.getPropertyValue(name).trim();
  const theme = () => {
    const text = { color: ink("--ink-2"), fontFamily: ink("--sans"), fontSize: 12 };
    const axis = { axisLine: { lineStyle: { color: ink("--line-strong") } }, axisTick: { show: false }, axisLabel: text, splitLine: { lineStyle: { color: ink("--line") } }, nameTextStyle: text };
    return {
      color: ["#1D6470", "#A9803A", "#7FA9AF", "#5B616A", "#C7B48A", "#B9D3D6"], textStyle: text, legend: { textStyle: text, itemWidth: 12, itemHeight: 8, icon: "rect" },
      categoryAxis: { ...axis, splitLine: { show: false } }, valueAxis: { ...axis, axisLine: { show: false } }, timeAxis: axis,
      bar: { barMaxWidth: 28, itemStyle: { borderRadius: 0 } }, line: { symbolSize: 6, lineStyle: { width: 2 } },
      tooltip: { renderMode: "richText", backgroundColor: "#fff", borderColor: ink("--line"), textStyle: { ...text, color: ink("--ink") }, confine: true },
    };
  };
  const draw = (figure) => {
    if (figure.dataset.drawn) return;
    figure.dataset.drawn = "1";
    const option = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const chart = echarts.init(figure.querySelector(".xf-chart-canvas"), "xianfeng", { renderer: "svg" });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || navigator.webdriver;
    chart.setOption({ grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true }, animation: !calm, animationDuration: 300, ...option, tooltip: { ...option.tooltip, renderMode: "richText" } });
    new ResizeObserver(() => chart.resize()).observe(figure);
  };
  const charts = () => {
    const figures = $("[data-chart]");
    if (!figures.length) return;
    const go = () => { echarts.registerTheme("xianfeng", theme()); figures.forEach(draw); };
    if (window.echarts) return go();
    const script = Object.assign(document.createElement("script"), { src: self.dataset.echarts, onload: go });
    document.head.append(script);
  };

  const start = () => {
    $("[data-focus]")[0]?.focus();
    $("form[data-bulk]").forEach(count);
    charts();
  };
  start();
  document.addEventListener("htmx:afterSettle", start);
})();
