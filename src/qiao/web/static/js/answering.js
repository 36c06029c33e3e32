// A survey on a phone: in parts with progress, kept on the phone while it is written, sent when there is a network.
// Everything works without it: then the page is one long form, and the server alone says what is missing.
(() => {
  "use strict";

  const kept = self.qiaoKept;
  const path = location.pathname;
  const form = document.querySelector("form[data-survey]");
  // A browser that keeps nothing (private windows of some) still answers.
  const able = "indexedDB" in self;
  const OURS = new Set(["csrfmiddlewaretoken", "qiao:round", "qiao:token"]);

  // A page may have come by a sending: say first what is new, as a reader of the screen expects.
  const summary = document.querySelector("main [role=alert]");
  if (summary) {
    summary.tabIndex = -1;
    summary.focus();
  } else if (document.querySelector("h1[data-receipt]")) document.querySelector("h1[data-receipt]").focus();

  const worker = document.body.dataset.worker;
  if ("serviceWorker" in navigator && worker && path.startsWith(worker.slice(0, worker.lastIndexOf("/") + 1))) {
    navigator.serviceWorker
      .register(worker)
      .then(() => navigator.serviceWorker.ready)
      .then(async () => {
        // The first visit came before the worker: it keeps this page now.
        if (!form || !self.caches) return;
        const pages = await caches.open(kept.PAGES);
        if (!(await pages.match(path))) {
          const again = await fetch(path);
          if (again.ok) await pages.put(path, again);
        }
      })
      .catch(() => {});
  }

  // Another survey's answer may still wait.
  if (able) {
    kept.sendAll(form ? path : undefined).catch(() => {});
    addEventListener("online", () => kept.sendAll(form ? path : undefined).catch(() => {}));
  }

  if (!form) {
    if (!able) return;
    kept.get(path).then((record) => {
      const told = document.querySelector("[data-sent]");
      if (record && record.state === "sent" && told) {
        told.querySelector("strong").textContent = record.receipt;
        told.hidden = false;
        told.querySelector("[data-forget]").addEventListener("click", () => {
          kept.forget(path);
          told.hidden = true;
        });
      }
    });
    const cleared = document.querySelector("[data-cleared]");
    if (cleared && path.includes("/s/")) cleared.hidden = false;
    return;
  }

  // States: draft, sending, waiting.
  const show = (state) => {
    for (const part of form.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
  };
  const fields = () => [...new FormData(form)].filter(([name, value]) => !OURS.has(name) && typeof value === "string");
  let token = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let sending = false;
  let later;

  const put = (pairs) => {
    // Entries of repeats first: setting their list draws them.
    for (const [name, value] of pairs) {
      if (!name.endsWith(":#")) continue;
      const list = [...form.elements].find((field) => field.name === name);
      if (list) {
        list.value = value;
        list.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    for (const field of form.elements) {
      if (!field.name || OURS.has(field.name) || field.type === "hidden" || field.tagName === "BUTTON") continue;
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = values.includes(field.value);
      else if (field.type !== "file") field.value = values[0] || "";
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const written = () => fields().some(([name, value]) => value !== "" && !name.endsWith(":#"));
  const keep = async () => {
    if (sending || !able) return;
    if (!written()) return;
    await kept.put({ path, state: "draft", fields: fields(), token });
    if (sending) return;
    kept.tail(path, null);
    show("draft");
  };
  // A page that goes away has no time for the database.
  const leave = () => {
    if (!sending && able && written()) kept.tail(path, { fields: fields(), token });
  };
  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => keep().catch(() => {}), 400);
  });
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });

  for (const button of form.querySelectorAll("[data-forget]")) {
    button.addEventListener("click", async () => {
      clearTimeout(later);
      await kept.forget(path);
      // A page the server sent back is filled: its beginning is no empty form.
      if ("filled" in form.dataset) put([]);
      else form.reset();
      form.dispatchEvent(new Event("change", { bubbles: true }));
      show("");
    });
  }

  const send = async () => {
    clearTimeout(later);
    sending = true;
    kept.tail(path, null);
    show("sending");
    const data = new FormData(form);
    data.set("qiao:token", token);
    const record = { path, state: "waiting", fields: fields(), token, body: new URLSearchParams(data).toString() };
    // First kept, then sent: what happens in between loses nothing.
    if (able) await kept.put(record).catch(() => {});
    const said = await kept.send(record).catch(() => null);
    if (said === null) {
      sending = false;
      show("waiting");
      form.querySelector("[data-again]").focus();
      const ready = "serviceWorker" in navigator && (await navigator.serviceWorker.getRegistration());
      if (ready && ready.sync) ready.sync.register("qiao-send").catch(() => {});
      return;
    }
    // The server's page takes the place of this one.
    document.open();
    document.write(said.text);
    document.close();
  };
  form.addEventListener("submit", (event) => {
    // The buttons of entries are the server's, or the other script's.
    if (event.submitter && event.submitter.name) return;
    event.preventDefault();
    if (parts && !parts.last()) parts.next();
    else if (!sending) send();
  });
  form.querySelector("[data-again]").addEventListener("click", () => send());
  addEventListener("online", () => {
    if (!form.querySelector("[data-state=waiting]").hidden && !sending) send();
  });

  const parts = inParts();
  if (able && !("filled" in form.dataset)) {
    kept
      .get(path)
      .then(async (stored) => {
        const last = kept.takeTail(path);
        let record = stored;
        if (last && last.fields && (!stored || stored.state === "draft")) {
          record = { path, state: "draft", fields: last.fields, token: last.token };
          await kept.put(record);
        }
        kept.tail(path, null);
        if (!record || !record.fields) return;
        token = record.token || token;
        put(record.fields);
        show(record.state === "waiting" ? "waiting" : "draft");
        if (record.state === "waiting" && navigator.onLine) send();
      })
      .catch(() => {});
  }

  // In parts: every group or repeat is one, single questions stand four together.
  function inParts() {
    const all = form.querySelector("[data-questions]");
    const made = [];
    let open = null;
    const alert = all.querySelector(":scope > [role=alert]");
    for (const child of [...all.children]) {
      if (child === alert || child.matches("button")) continue;
      const alone = child.matches("section.group, section.repeat");
      const asks = child.matches(".question");
      if (!open || alone || open.alone || (asks && open.asks >= 4)) {
        open = { box: document.createElement("div"), asks: 0, alone };
        made.push(open);
      }
      open.asks += asks ? 1 : 0;
      open.box.append(child);
    }
    for (const one of made) all.append(one.box);
    if (made.length < 2) return null;

    const boxes = made.map((one) => one.box);
    const progress = form.querySelector("[data-progress]");
    const [back, next, done] = ["back", "next", "send"].map((name) => form.querySelector(`[data-${name}]`));
    const said = progress.querySelector("[data-said]");
    let here = boxes[0];
    const asked = () => boxes.filter((box) => [...box.children].some((child) => !child.hidden));
    const draw = () => {
      const now = asked();
      if (!now.includes(here)) here = now[0] || boxes[0];
      const place = now.indexOf(here);
      for (const box of boxes) box.hidden = box !== here;
      progress.hidden = now.length < 2;
      progress.querySelector("progress").value = (place + 1) / Math.max(1, now.length);
      said.textContent = said.dataset.said.replace("{here}", place + 1).replace("{all}", now.length);
      back.hidden = place <= 0;
      next.hidden = place >= now.length - 1;
      done.hidden = !next.hidden;
    };
    const show = (box) => {
      here = box;
      draw();
      said.focus();
      progress.scrollIntoView({ block: "start" });
    };
    const move = (by) => {
      const now = asked();
      const box = now[now.indexOf(here) + by];
      if (box) show(box);
    };
    const step = {
      last: () => asked().at(-1) === here,
      next: () => fits(here) && move(1),
    };
    back.addEventListener("click", () => move(-1));
    next.addEventListener("click", () => step.next());
    form.addEventListener("change", draw);
    // A link of the summary of errors opens the part its question stands in.
    if (alert) {
      alert.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='#']");
        const found = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
        const box = found && boxes.find((one) => one.contains(found));
        if (!box) return;
        event.preventDefault();
        here = box;
        draw();
        (found.querySelector("input, select, textarea") || found).focus();
      });
    }
    const wrong = all.querySelector("[aria-invalid=true]");
    if (wrong) here = boxes.find((box) => box.contains(wrong)) || here;
    draw();
    return step;
  }

  // What the browser itself can see is missing stands at its question at once.
  function fits(box) {
    for (const old of box.querySelectorAll("p.error[data-own]")) old.remove();
    const bad = [...box.querySelectorAll("input, select, textarea")].filter(
      (field) => !field.closest("[hidden]") && !field.disabled && !field.checkValidity(),
    );
    const seen = new Set();
    for (const field of bad) {
      if (seen.has(field.name)) continue;
      seen.add(field.name);
      const told = document.createElement("p");
      told.className = "error";
      told.dataset.own = "";
      told.id = `own-${field.name}`;
      told.textContent = field.validationMessage;
      const question = field.closest(".question") || field.parentElement;
      const first = question.querySelector("legend, label");
      if (first) first.after(told);
      else question.prepend(told);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${told.id}`.trim());
      field.addEventListener("change", () => (field.removeAttribute("aria-invalid"), told.remove()), { once: true });
    }
    if (bad.length) bad[0].focus();
    return !bad.length;
  }
})();
