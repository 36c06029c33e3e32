// Seals the answers of an evaluation on this device: what leaves it can be read by the evaluator alone.
// Where anything needed for that is missing, the page stays as it is and the answers are sealed on arrival.
(() => {
  "use strict";

  const form = document.querySelector("form[data-seal]");
  if (!form || !window.qiaoSealedBox || !window.TextEncoder) return;
  const facts = form.dataset;
  const pad = Number(facts.pad);
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

  const seal = (content) => {
    const plain = new TextEncoder().encode(JSON.stringify(content));
    if (plain.length >= pad) throw new Error("too long");
    // Of one size whatever was answered: a mark behind the text, then nothing.
    const padded = new Uint8Array(pad);
    padded.set(plain);
    padded[plain.length] = 0x80;
    return window.qiaoSealedBox.seal(padded, bytes(facts.seal));
  };

  try {
    seal({});
  } catch {
    return;
  }
  // With a credential of its own the device sends the answer as nobody; without, it goes with the form.
  const credential = window.qiaoCredential && window.qiaoCredential.able ? window.qiaoCredential : null;
  const note = form.hidden ? "" : credential ? "[data-apart]" : "[data-device]";
  if (note) document.querySelectorAll(note).forEach((one) => (one.hidden = false));
  document.querySelectorAll("[data-arrival]").forEach((one) => (one.hidden = true));

  const plainFields = () => [...form.querySelectorAll("input[type=radio], textarea")];

  const collected = () => {
    const content = { instrument: facts.instrument };
    // Through somebody of the evaluator's: the answer says how it came.
    if (facts.mode) content.mode = facts.mode;
    for (const field of plainFields()) {
      if (field.type === "radio") {
        content[field.name] ??= "";
        if (field.checked) content[field.name] = field.value;
      } else {
        const text = field.value.replace(/\s+/gu, " ").replace(/\p{Cc}/gu, "").trim();
        const most = field.maxLength > 0 ? field.maxLength : Number(facts.most);
        content[field.name] = [...text].slice(0, most).join("");
      }
    }
    return content;
  };

  // A grade is asked of those who used it, and of nobody else.
  const missing = (content) => {
    for (const name of facts.usersOnly.split(" ").filter(Boolean)) {
      if (content.participation !== "yes") content[name] = "";
      else if (!content[name]) return name;
    }
    return "";
  };

  const point = (name) => {
    const group = form.querySelector(`[name="${CSS.escape(name)}"]`).closest("fieldset");
    if (!group.querySelector(".errorlist")) {
      const list = document.createElement("ul");
      list.className = "errorlist";
      list.setAttribute("role", "alert");
      list.append(Object.assign(document.createElement("li"), { textContent: facts.missing }));
      group.querySelector("legend").after(list);
      group.classList.add("error");
    }
    group.querySelector("input").focus();
  };

  form.addEventListener("submit", (event) => {
    const content = collected();
    const name = missing(content);
    if (name) {
      event.preventDefault();
      point(name);
      return;
    }
    const sealed = seal(content);
    if (credential) {
      event.preventDefault();
      // Where blinding fails nothing was asked for yet: the answer goes with the form, as without a credential.
      credential.give(sealed).catch(() => form.submit());
    }
    form.elements.sealed.value = btoa(String.fromCharCode(...sealed));
    // What is disabled is not sent: nothing but the sealed answer leaves this device.
    plainFields().forEach((field) => (field.disabled = true));
    form.querySelector("button[type=submit]").disabled = true;
  });

  // Back from the next page, or from a network that was not there: the answers are still in the form.
  window.addEventListener("pageshow", () => {
    form.elements.sealed.value = "";
    plainFields().forEach((field) => (field.disabled = false));
    form.querySelector("button[type=submit]").disabled = false;
  });
})();
