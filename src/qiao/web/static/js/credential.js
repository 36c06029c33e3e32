// Gives a sealed answer with a credential that cannot be joined to whoever took it (RFC 9474).
// The device blinds a number, has it signed as somebody on the roll, takes the blinding off, waits a little by chance
// and sends answer and credential as nobody: without cookies. What waits is kept on this device alone until it is in.
(() => {
  "use strict";

  const section = document.querySelector("[data-box]");
  if (!section || !section.dataset.issuer) return;
  const facts = section.dataset;
  const able = window.qiaoBlind && window.fetch && window.crypto && crypto.subtle && window.TextEncoder;
  const pack = (bytes) => btoa(String.fromCharCode(...bytes));
  const unpack = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const place = "qiao-box:" + facts.keep;

  // Kept in memory too: some browsers refuse to keep anything.
  let record = null;
  const keep = (found) => {
    record = found;
    try {
      if (found) localStorage.setItem(place, JSON.stringify(found));
      else localStorage.removeItem(place);
    } catch {}
  };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(place));
    } catch {
      return null;
    }
  };

  const show = (step, fault) => {
    document.querySelectorAll("form[data-seal], [data-taken], [data-apart]").forEach((part) => (part.hidden = true));
    section.hidden = false;
    section.querySelectorAll("[data-step]").forEach((part) => (part.hidden = part.dataset.step !== step));
    const shown = section.querySelector(`[data-step="${step}"]`);
    if (fault) shown.querySelector("[data-fault]").textContent = fault;
    (shown.matches("h2") ? shown : shown.querySelector("h2")).focus();
  };

  class Refused extends Error {}
  const post = async (address, fields, how) => {
    const response = await fetch(address, { method: "POST", body: new URLSearchParams(fields), ...how });
    const told = await response.json().catch(() => ({}));
    // What the server refuses it refuses again; whatever else went wrong may go well another time.
    if (response.status === 422 && !told.keep) throw new Refused(told.fault);
    if (!response.ok) throw new Error(String(response.status));
    return told;
  };

  // 1. As somebody on the roll: the number is blinded, so it tells nothing. Sent twice it is signed twice alike.
  const ask = async () => {
    const fields = { blinded: record.blinded, code: facts.code, mode: facts.mode || "" };
    fields.csrfmiddlewaretoken = section.querySelector("[name=csrfmiddlewaretoken]").value;
    const { signed } = await post(facts.ask, fields, { credentials: "same-origin" });
    const asked = { token: unpack(record.token), inverse: unpack(record.inverse) };
    const credential = await window.qiaoBlind.finish(unpack(facts.issuer), asked, unpack(signed));
    const { sealed, token } = record;
    keep({ sealed, prefix: pack(unpack(token).slice(0, 32)), credential: pack(credential) });
  };

  // 2. As nobody.
  const spend = (how) => post(facts.box, record, { credentials: "omit", referrerPolicy: "no-referrer", ...how });

  let waits = null;
  const pause = () =>
    new Promise((done) => {
      const chance = crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
      waits = setTimeout(done, chance * Number(facts.wait) * 1000);
    });

  const go = async () => {
    try {
      if (!record.credential) {
        show("asking");
        await ask();
      }
      show("waiting");
      await pause();
      waits = null;
      const { receipt } = await spend();
      keep(null);
      section.querySelector("[data-receipt]").textContent = receipt;
      section.querySelector("[data-look]").search = "?number=" + encodeURIComponent(receipt);
      show("done");
    } catch (fault) {
      waits = null;
      if (fault instanceof Refused) {
        keep(null);
        show("refused", fault.message);
      } else {
        show("stuck");
      }
    }
  };

  section.querySelector("[data-again]").addEventListener("click", go);
  // Whoever leaves while it waits: it is sent now, and sent again on return, which changes nothing but tells the receipt.
  window.addEventListener("pagehide", () => {
    if (waits === null || !record) return;
    spend({ keepalive: true }).catch(() => {});
  });

  window.qiaoCredential = {
    able: Boolean(able),
    give: async (sealed) => {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", sealed));
      const { token, blinded, inverse } = await window.qiaoBlind.blind(unpack(facts.issuer), digest);
      keep({ sealed: pack(sealed), token: pack(token), blinded: pack(blinded), inverse: pack(inverse) });
      await go();
    },
  };

  if (!able) return;
  record = kept();
  if (record) go();
})();
