// 自评: say what is saved, try again when it is not, show how far an upload is, mark where one reads.
(() => {
  "use strict";
  const form = document.getElementById("assess");
  const say = (text, failed) => document.querySelectorAll("[data-saved]").forEach((mark) => {
    mark.textContent = text;
    mark.classList.toggle("is-failed", Boolean(failed));
  });
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const waiting = new Map();

  document.addEventListener("htmx:afterRequest", (event) => {
    const part = event.detail.elt.closest?.("[data-autofield]");
    if (!part) return;
    const status = event.detail.xhr.status;
    if (event.detail.successful) {
      if (form) delete form.dataset.dirty;
      return say(`已保存 ${clock()}`);
    }
    if (status === 422) return say("有内容未通过检查，尚未保存", true);
    if (status === 403 || status === 404 || status === 409) return say("未保存，请刷新页面查看最新情况", true);
    if (status === 0 && event.detail.xhr.statusText === "abort") return;
    say("未保存，正在重试", true);
    clearTimeout(waiting.get(part));
    waiting.set(part, setTimeout(() => htmx.trigger(part, "change"), 5000));
  });

  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.querySelector?.("progress");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = event.detail.loaded / event.detail.total;
  });

  const links = () => [...document.querySelectorAll(".nm-tree a")];
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links()) link.classList.toggle("is-here", link.hash === `#${entry.target.id}`);
    }
  }, { rootMargin: "-10% 0px -70% 0px" });
  document.querySelectorAll(".nm-dimension").forEach((one) => seen.observe(one));
})();
